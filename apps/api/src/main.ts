import { createQueueClient } from '@podman-api/queue';
import { createLog, readConfig, readSecretKey, runApp, stopOnSignal } from '@podman-api/runtime';
import { createApp } from './app.ts';
import { listen } from './listen.ts';

await runApp(async () => {
  const config = readConfig(process.env, [
    'DEBUG',
    'HOST',
    'MAX_BODY',
    'MAX_QUEUE',
    'MAX_WAIT',
    'NODE_NAME',
    'OUTPUT_SPACE',
    'PORT',
    'REDIS_URL',
    'REQUEST_TIMEOUT',
    'RESULT_TTL',
    'SECRET_KEY',
    'SHUTDOWN_TIMEOUT',
    'STATE_DIR',
  ]);
  const log = createLog('api', config.DEBUG);
  const stopping = new AbortController();
  const queue = createQueueClient({
    redisUrl: config.REDIS_URL,
    secretKey: readSecretKey(config.SECRET_KEY, config.STATE_DIR),
    resultTtl: config.RESULT_TTL,
    maxQueue: config.MAX_QUEUE,
    outputSpace: config.OUTPUT_SPACE,
  });
  await queue.directory.ready;
  const app = createApp({ queue, config, log, stopping: stopping.signal });
  const server = await listen(app, config.HOST, config.PORT);
  log.info({ url: server.url }, `listening on ${server.url}`);
  process.send?.(server.url);

  stopOnSignal(log, async () => {
    const deadline = setTimeout(() => stopping.abort(), config.SHUTDOWN_TIMEOUT * 1000);
    await server.close();
    clearTimeout(deadline);
    queue.close();
  });
});
