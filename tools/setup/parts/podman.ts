import type { Part } from '../part.ts';
import { run } from '../system/run.mjs';

const part = 'podman';

/** The oldest major version that has all options and messages that this project relies on. */
const oldestMajor = 4;

export const podman: Part = {
  async check() {
    const { ok, output } = run('podman', ['--version']);
    if (!ok) return { part, ok, text: `podman does not run: ${output}`, remedy: 'Run "npm run setup", which installs it.' };
    const major = Number(/version (\d+)/.exec(output)?.[1]);
    if (major < oldestMajor) {
      return {
        part,
        ok: false,
        text: output,
        remedy: `Update podman to version ${oldestMajor} or later: Debian 12 and Ubuntu 24.04 have it.`,
      };
    }
    return { part, ok: true, text: output };
  },
};
