import { findChromium } from '@podman-api/testing/chromium';
import { install } from '../install.ts';
import type { Part } from '../part.ts';
import { run } from '../run.ts';

const part = 'Chromium';

/** The browser from which the tests attack the API. */
export const chromium: Part = {
  async check() {
    const program = findChromium();
    // Debian's wrapper script can complain of things that it goes on without.
    const version = program && /^.*\d+\.\d+.*$/m.exec(run(program, ['--version']).output)?.[0];
    if (version) return { part, ok: true, text: version };
    return {
      part,
      ok: false,
      text: 'not installed',
      remedy: 'Install chromium, which the tests need; nothing else does.',
      testsOnly: true,
    };
  },
  async mend() {
    install(['chromium']);
  },
};
