import { findProgram } from './programs.ts';

/** Names of Chromium on different systems. */
const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Returns the path of Chromium; `undefined` if it is not installed. */
export function findChromium(): string | undefined {
  return findProgram(programs);
}
