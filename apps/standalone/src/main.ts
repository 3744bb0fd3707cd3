import { createLog, readConfig, runApp, stopOnSignal, type VariableName, variables } from '@podman-api/runtime';
import { type Child, startApp } from './child.ts';
import { holdLock } from './lock.ts';
import { startRedis } from './redis.ts';
import { welcome } from './welcome.ts';

await runApp(async () => {
  // All of them: a wrong value is told before anything starts.
  const config = readConfig(process.env, Object.keys(variables).filter(isVariable));
  const log = await createLog('standalone', config.DEBUG);
  const release = holdLock(config.STATE_DIR);
  const redis = process.env['REDIS_URL'] ? undefined : await startRedis(config.STATE_DIR, log);
  const env = { ...process.env, ...(redis && { REDIS_URL: redis.url }) };
  const worker = startApp('worker', env);
  const api = startApp('api', env);

  const stopAll = async () => {
    await Promise.all([api.stop(), worker.stop()]);
    await redis?.child.stop();
    release();
  };
  // An exit that is forced by a second signal does not wait, and must leave no process behind either.
  process.once('exit', () => {
    for (const app of [api, worker]) app.kill('SIGKILL');
    redis?.child.kill('SIGTERM');
  });
  stopOnSignal(log, stopAll);
  const children: readonly Child[] = [worker, api, ...(redis ? [redis.child] : [])];
  for (const child of children) {
    child.died.then(async how => {
      log.error(`${child.name} exited (${how}); shutting down`);
      await stopAll();
      process.exit(1);
    });
  }
  process.stdout.write(await welcome(await api.url, redis?.socket));
});

function isVariable(name: string): name is VariableName {
  return name in variables;
}
