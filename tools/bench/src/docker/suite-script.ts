import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { GenericContainer, Network, type StartedNetwork, type StartedTestContainer, Wait } from 'testcontainers';
import type { RequestTime, SuiteOptions, SuiteResult } from './suite.ts';

/**
 * A process with one session of Testcontainers, unmodified. Each message of its parent, `SuiteOptions`, runs the suite once; the reply is
 * a `SuiteResult`.
 */
const requests: RequestTime[] = [];
const startedAtMs = new WeakMap<ClientRequest, number>();

subscribe('http.client.request.start', message => {
  const request = requestIn(message);
  if (request) startedAtMs.set(request, performance.now());
});
subscribe('http.client.response.finish', message => {
  const { request, response } = responseIn(message) ?? {};
  const started = request && startedAtMs.get(request);
  // The log of a container is followed for as long as the suite waits for a line.
  if (!request || started === undefined || request.path.includes('/logs')) return;
  response?.once('close', () => requests.push({ kind: kindOf(request), durationMs: performance.now() - started }));
});
process.on('message', (options: SuiteOptions) => void respond(options));
process.on('disconnect', () => process.exit());

async function respond(options: SuiteOptions): Promise<void> {
  requests.length = 0;
  const started = performance.now();
  const failure = await runSuite(options).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  const result: SuiteResult = { durationMs: performance.now() - started, requests: [...requests], failure };
  process.send?.(result);
}

/** Starts containers one after the other, works in each, and removes everything. @throws Error if something is not as expected */
async function runSuite({ image, servers, workers, execs }: SuiteOptions): Promise<void> {
  const network = await new Network().start();
  const started: StartedTestContainer[] = [];
  try {
    for (let index = 0; index < servers; index += 1) {
      const server = await startServer(image, network, `page ${index}`);
      started.push(server);
      const response = await fetch(`http://${server.getHost()}:${server.getMappedPort(8080)}/index.html`);
      expectText(await response.text(), `page ${index}`);
      await workIn(server, execs);
    }
    for (let index = 0; index < workers; index += 1) {
      const worker = await startWorker(image, network);
      started.push(worker);
      await workIn(worker, execs);
    }
  } finally {
    for (const container of started) await container.stop();
    await network.stop();
  }
}

/** Starts a web server, and waits for its port as Testcontainers does by default: from the host, and by execs in the container. */
function startServer(image: string, network: StartedNetwork, page: string): Promise<StartedTestContainer> {
  return new GenericContainer(image)
    .withCommand(['httpd', '-f', '-p', '8080', '-h', '/tmp'])
    .withCopyContentToContainer([{ content: page, target: '/tmp/index.html' }])
    .withExposedPorts(8080)
    .withNetwork(network)
    .start();
}

/** Starts a container that writes a line, and waits for the line. */
function startWorker(image: string, network: StartedNetwork): Promise<StartedTestContainer> {
  return new GenericContainer(image)
    .withCommand(['sh', '-c', 'echo ready; exec sleep 300'])
    .withWaitStrategy(Wait.forLogMessage('ready'))
    .withNetwork(network)
    .start();
}

async function workIn(container: StartedTestContainer, execs: number): Promise<void> {
  await container.copyContentToContainer([{ content: 'copied', target: '/tmp/copied' }]);
  for (let index = 0; index < execs; index += 1) expectText((await container.exec(['cat', '/tmp/copied'])).stdout, 'copied');
  const archive = await buffer(await container.copyArchiveFromContainer('/tmp/copied'));
  expectText(archive.toString('latin1'), 'copied');
}

function expectText(text: string, part: string): void {
  if (!text.includes(part)) throw new Error(`"${part}" was expected, not "${text}"`);
}

/** Returns the method and the path of a request, without its query, the version and ids. */
function kindOf({ method, path }: ClientRequest): string {
  const [pathname = ''] = path.split('?');
  const generic = pathname.replace(/^\/v[\d.]+/, '').replace(/^(\/images\/).+(\/json)$/, '$1<name>$2');
  return `${method} ${generic.replace(/\/[0-9a-f]{12,64}(?=\/|$)/g, '/<id>')}`;
}

function requestIn(message: unknown): ClientRequest | undefined {
  return isMessage(message) ? message.request : undefined;
}

function responseIn(message: unknown): { readonly request: ClientRequest; readonly response?: IncomingMessage } | undefined {
  return isMessage(message) ? message : undefined;
}

/** Returns whether a value is a message of an HTTP channel, see the documentation of `node:diagnostics_channel`. */
function isMessage(message: unknown): message is { readonly request: ClientRequest; readonly response?: IncomingMessage } {
  return typeof message === 'object' && message !== null && 'request' in message;
}
