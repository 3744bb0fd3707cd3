import { findProgram } from './programs.ts';

/** What a Chromium is called on one system or another. */
const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where a Chromium is, if there is one. */
export function findChromium(): string | undefined {
  return findProgram(programs);
}
