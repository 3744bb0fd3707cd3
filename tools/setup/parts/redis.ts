import type { Part } from '../part.ts';
import { run } from '../system/run.mjs';

const part = 'Redis';

/** The server that standalone runs as its child. */
export const redis: Part = {
  async check() {
    const found = ['redis-server', 'valkey-server'].map(program => run(program, ['--version'])).find(({ ok }) => ok);
    if (found) return { part, ok: true, text: found.output };
    return {
      part,
      ok: false,
      text: 'neither redis-server nor valkey-server could be executed',
      remedy: 'Run "npm run setup", which installs one, or set REDIS_URL to a Redis elsewhere.',
    };
  },
};
