import { install } from '../install.ts';
import type { Part } from '../part.ts';
import { run } from '../run.ts';

/** The server that standalone runs as its child. */
export const redis: Part = {
  async check() {
    const found = ['redis-server', 'valkey-server'].map(program => run(program, ['--version'])).find(({ ok }) => ok);
    if (found) return { part: 'Redis', ok: true, text: found.output };
    const remedy = 'Install redis-server or valkey-server, or set REDIS_URL to a Redis elsewhere.';
    return { part: 'Redis', ok: false, text: 'neither redis-server nor valkey-server is installed', remedy };
  },
  async mend() {
    install(['redis-server']);
  },
};
