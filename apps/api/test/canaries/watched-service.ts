import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { images, type SendRequest, type Service, startChild, startService, type TestChild, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCanaries, encodingsOf, foundIn } from './canaries.ts';
import { monitor, onDisk, readAllKeys } from './redis.ts';

const watcher = fileURLToPath(new URL('./watch-arguments.ts', import.meta.url));

/** A service whose commands to Redis, logs, responses and processes are recorded, to be searched for secrets. */
export interface WatchedService {
  readonly service: Service;
  /** Name of a running container of the image busybox. */
  readonly name: string;
  /** In every secret. */
  readonly mark: string;
  /** Returns a new secret. */
  canary(): string;
  /** Returns variables with secrets, of one line, of several, and long. */
  environment(): Readonly<Record<string, string>>;
  /** Sends a request whose response must hold no secret. */
  readonly ask: SendRequest;
  /** Adds a string that must hold no secret to those of `ask`. */
  addResponse(text: string): void;
  /** Defines a test which shows that secrets in arguments would be found. */
  defineControl(): void;
  /** Defines the tests that search for secrets, after those that send them. */
  defineSearches(): void;
}

/** Starts a service before the tests of a file, and ends it after them. Call it at the top of the file. */
export function useWatchedService(): WatchedService {
  const { mark, canary } = createCanaries();
  const decoy = `decoy-${mark.slice(6)}`;
  const responses: string[] = [];
  let service: Service;
  let name: string;
  let watch: TestChild;
  let redis: Awaited<ReturnType<typeof monitor>>;

  beforeAll(async () => {
    // The proxy is never used: images are pulled from loopback only.
    const proxy = `http://user:${canary()}@127.0.0.1:9`;
    const proxies = { HTTPS_PROXY: proxy, http_proxy: proxy, ALL_PROXY: proxy };
    service = await startService({ DEBUG: 'true', ALLOWED_IMAGES: '*,127.0.0.1:9/*', ...proxies });
    redis = await monitor(service.redis.servers);
    watch = startChild(process.execPath, [watcher], { WATCHED: [decoy, ...encodingsOf(mark)].join(',') });
    name = await startContainer(images.busybox);
  });
  afterAll(async () => {
    redis.end();
    await watch.end('SIGKILL');
    await service.stop();
  });

  return {
    get service() {
      return service;
    },
    get name() {
      return name;
    },
    mark,
    canary,
    environment: () => ({ LINE: canary(), LINES: `${canary()}\n${canary()}`, LONG: canary().repeat(3000) }),
    async ask(method, path, body, headers) {
      const response = await service.call(method, path, body, headers);
      responses.push(JSON.stringify(response.body));
      return response;
    },
    addResponse: text => void responses.push(text),
    defineControl() {
      it('would be seen in the arguments of a process', async () => {
        const quiet = startChild(process.execPath, ['--eval', 'setInterval(() => {}, 60_000)', decoy]);
        await watch.waitForOutput(`found ${decoy} in ${quiet.process.pid}`);
        await quiet.end('SIGKILL');
      });
    },
    defineSearches() {
      it('are nowhere in Redis', async () => {
        const { redis: server } = service;
        // Sealed secrets are removed when their job has ended, or expire.
        const keys = await until(async () => {
          const found = await readAllKeys(await server.masters());
          return [...found.keys()].some(key => key.startsWith('podman-api:sealed:')) ? undefined : found;
        });
        expect([...keys].filter(([key, value]) => foundIn(key, mark).length > 0 || foundIn(value, mark).length > 0)).toEqual([]);
        // Control: values that are not secret are found.
        expect([...keys.values()].some(value => value.includes(name))).toBe(true);
        await until(() => onDisk(server.folder).includes('podman-api:job:'));
        expect(foundIn(onDisk(server.folder), mark)).toEqual([]);
        const seen = await until(() => [redis.seen()].find(text => text.includes('podman-api:sealed:')));
        expect(foundIn(seen, mark)).toEqual([]);
      });

      it('are nowhere in logs, the audit log, responses and arguments', async () => {
        const { api, worker, redis: server, env } = service;
        expect(foundIn(api.output() + worker.output() + server.servers.map(({ child }) => child.output()).join(), mark)).toEqual([]);
        const audit = readFileSync(env['AUDIT_LOG'] ?? '', 'utf8');
        expect(audit).toContain('container.exec');
        expect(foundIn(audit, mark)).toEqual([]);
        expect(responses.filter(response => foundIn(response, mark).length > 0)).toEqual([]);
        const found = watch.output().split('\n');
        expect(found.filter(line => line !== '' && !line.includes(decoy))).toEqual([]);
      });
    },
  };
}
