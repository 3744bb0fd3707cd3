import { findChromium } from '@podman-api/testing/chromium';
import type { Part } from '../part.ts';
import { run } from '../system/run.mjs';

const part = 'Chromium';

/** The browser in which the tests open the API's pages. */
export const chromium: Part = {
  async check() {
    const program = findChromium();
    // Debian's wrapper script may print warnings before the version.
    const version = program && /^.*\d+\.\d+.*$/m.exec(run(program, ['--version']).output)?.[0];
    if (version) return { part, ok: true, text: version };
    return { part, ok: false, text: 'not installed', remedy: 'Only the tests need it: "npm test" installs it.', isTestsOnly: true };
  },
};
