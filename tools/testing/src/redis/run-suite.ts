import { spawnSync } from 'node:child_process';
import { redisKinds } from './kind.ts';

/** `npm run test:redis -- <kind> [arguments of vitest]`: runs the e2e tests on another kind of Redis. */
const [kindName = '', ...rest] = process.argv.slice(2);
const kind = kindName === 'valkey' ? 'single' : redisKinds.find(one => one === kindName);
if (kind === undefined) {
  process.stderr.write(`Usage: npm run test:redis -- ${[...redisKinds, 'valkey'].join('|')} [part of a path]\n`);
  process.exit(1);
}
const env = {
  ...process.env,
  TEST_REDIS: kind,
  ...(kindName === 'valkey' && { REDIS_SERVER: process.env['REDIS_SERVER'] || 'valkey-server' }),
};
// standalone and chaos start their own Redis.
const vitestArgs = rest.length > 0 ? rest : ['apps/api/test', 'apps/worker/test'];
const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'e2e', ...vitestArgs], { env, stdio: 'inherit' });
process.exit(status ?? 1);
