import { policyOf, policyVariables } from '@podman-api/operations';
import {
  ConfigError,
  createJobLogger,
  createLog,
  monitorEventLoop,
  openAuditLog,
  readCallbackSecrets,
  readConfig,
  readSecretKeys,
  runApp,
  startTracing,
  stopOnSignal,
} from '@podman-api/runtime';
import { createApp } from './app.ts';
import { createApiBackend } from './backend.ts';
import { createCallbackSender } from './callbacks/deliver.ts';
import { createCallbackHosts } from './callbacks/hosts.ts';
import { mountDocker } from './docker/mount.ts';
import { sweepLeases } from './docker/sessions/sweep-leases.ts';
import { listen } from './listen.ts';
import { isLoopback } from './loopback.ts';
import { createProcessRegistry } from './metrics/process.ts';
import type { AppParts } from './parts.ts';
import { createRateLimiter } from './rate-limit.ts';
import { OpenStreams } from './request/open-streams.ts';
import { resolveTokensPath } from './tokens/tokens-path.ts';
import { watchTokens } from './tokens/watch.ts';

await runApp(async () => {
  const config = readConfig(process.env, [
    ...policyVariables,
    'API_TOKENS_FILE',
    'AUDIT_LOG',
    'CALLBACK_HOSTS',
    'CALLBACK_SECRET',
    'CALLBACK_SECRET_FILE',
    'CORS_ORIGINS',
    'DEBUG',
    'DOCKER_LISTEN',
    'HOST',
    'MAX_BODY',
    'MAX_QUEUE',
    'MAX_QUEUE_BYTES',
    'MAX_UPLOAD',
    'MAX_WAIT',
    'OUTPUT_SPACE',
    'PORT',
    'RATE_LIMIT',
    'REDIS_URL',
    'REQUEST_TIMEOUT',
    'RESULT_TTL',
    'SECRET_KEY',
    'SECRET_KEY_FILE',
    'SHUTDOWN_TIMEOUT',
    'STATE_DIR',
  ]);
  const log = await createLog('api', config.DEBUG);
  const tracing = await startTracing('podman-api', log);
  const audit = openAuditLog(config);
  const tokens = watchTokens(resolveTokensPath(config), log);
  if (!tokens.isRequired && !isLoopback(config.HOST)) {
    throw new ConfigError(
      `HOST="${config.HOST}" is not a loopback address: create a token first ("npm run token"), or listen on 127.0.0.1.`,
    );
  }
  const draining = new AbortController();
  const stopping = new AbortController();
  const callbackHosts = createCallbackHosts(config.CALLBACK_HOSTS);
  const callbacks = config.CALLBACK_HOSTS.length > 0 && {
    send: createCallbackSender({ hosts: callbackHosts, secrets: readCallbackSecrets(config) }, log),
    onUndeliverable: (job: string, reason: string) => log.error({ job }, `a callback cannot be sent: ${reason}`),
  };
  const { close, ...backend } = createApiBackend({
    config,
    secretKeys: readSecretKeys(config),
    onEnd: createJobLogger(log, audit),
    onWarning: warning => log.warn(warning),
    tracing,
    ...(callbacks && { callbacks }),
    isShared: () => tokens.submitterCount > 1,
  });
  await backend.fleet.ready;
  const { REDIS_URL, RATE_LIMIT: limit } = config;
  const rate = limit === undefined ? undefined : { limiter: await createRateLimiter(REDIS_URL, limit), limit };
  await rate?.limiter.ready;
  const parts: AppParts = {
    ...backend,
    config,
    policy: policyOf(config),
    callbackHosts,
    log,
    tracing,
    audit,
    tokens,
    eventLoop: monitorEventLoop(),
    metrics: createProcessRegistry(),
    streams: new OpenStreams(),
    rate,
    draining: draining.signal,
    stopping: stopping.signal,
  };
  const { HOST, PORT, DOCKER_LISTEN } = config;
  const dockerServer = DOCKER_LISTEN && (await (await import('./docker/listen.ts')).listenForDocker(parts, DOCKER_LISTEN));
  if (dockerServer) log.info({ url: dockerServer.url }, `Docker-compatible API on ${dockerServer.url}`);
  const { handle, upgrades } = mountDocker(parts, createApp(parts).callback());
  const server = await listen(handle, { host: HOST, port: PORT }, `HOST="${HOST}" PORT="${PORT}"`, upgrades);
  const sweep = sweepLeases(parts);
  log.info({ url: server.url }, `listening on ${server.url}`);
  process.send?.(server.url);

  stopOnSignal(log, async () => {
    const deadline = setTimeout(() => stopping.abort(), config.SHUTDOWN_TIMEOUT * 1000);
    draining.abort();
    // Event streams do not end by themselves.
    backend.events.stop();
    sweep.stop();
    await Promise.all([server.close(), dockerServer?.close()]);
    clearTimeout(deadline);
    tokens.stop();
    rate?.limiter.close();
    await close();
    await tracing.stop();
  });
});
