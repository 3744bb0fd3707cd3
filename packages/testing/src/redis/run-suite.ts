import { spawnSync } from 'node:child_process';
import { redisKinds } from './kind.ts';

/** `npm run test:redis -- <kind> [vitest's arguments]`: the tests over HTTP on another kind of Redis. */
const [wanted = '', ...rest] = process.argv.slice(2);
const kind = wanted === 'valkey' ? 'single' : redisKinds.find(one => one === wanted);
if (kind === undefined) {
  process.stderr.write(`Usage: npm run test:redis -- ${[...redisKinds, 'valkey'].join('|')} [part of a path]\n`);
  process.exit(1);
}
const env = {
  ...process.env,
  TEST_REDIS: kind,
  ...(wanted === 'valkey' && { REDIS_SERVER: process.env['REDIS_SERVER'] || 'valkey-server' }),
};
// These are the apps that work with a Redis of the tests'; standalone and chaos start one of their own.
const what = rest.length > 0 ? rest : ['apps/api/test', 'apps/worker/test'];
const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'e2e', ...what], { env, stdio: 'inherit' });
process.exit(status ?? 1);
