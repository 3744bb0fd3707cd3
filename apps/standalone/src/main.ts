import { createLog, readConfig, runApp, stopOnSignal, type VariableName, variables } from '@podman-api/runtime';
import { type Child, startApp } from './child.ts';
import { acquireLock } from './lock.ts';
import { startRedis } from './redis.ts';
import { formatWelcome } from './welcome.ts';

await runApp(async () => {
  // Reads all variables, those of the API and the worker too, so that a wrong value is reported before anything starts.
  const config = readConfig(process.env, Object.keys(variables).filter(isVariable));
  const log = await createLog('standalone', config.DEBUG);
  const releaseLock = acquireLock(config.STATE_DIR);
  process.once('exit', releaseLock);
  // Ignores EPIPE and EIO after the terminal was closed.
  process.stdout.on('error', () => {});
  const redis = process.env['REDIS_URL'] ? undefined : await startRedis(config.STATE_DIR, log);
  const env = { ...process.env, ...(redis && { REDIS_URL: redis.url }) };
  const worker = startApp('worker', env);
  const api = startApp('api', env);

  let isStopping = false;
  const stopAll = async () => {
    isStopping = true;
    await Promise.all([api.stop(), worker.stop()]);
    await redis?.child.stop();
  };
  // A second signal exits without waiting for stopAll; the children must not outlive that either.
  process.once('exit', () => {
    for (const app of [api, worker]) app.kill('SIGKILL');
    redis?.child.kill('SIGTERM');
  });
  stopOnSignal(log, stopAll);
  const children: readonly Child[] = [worker, api, ...(redis ? [redis.child] : [])];
  for (const child of children) {
    child.unexpectedExit.then(async reason => {
      log.error(`${child.name} exited (${reason}); shutting down`);
      await stopAll();
      process.exit(1);
    });
  }
  const welcome = await formatWelcome(await api.url, redis?.socket);
  if (!isStopping) process.stdout.write(welcome);
});

function isVariable(name: string): name is VariableName {
  return name in variables;
}
