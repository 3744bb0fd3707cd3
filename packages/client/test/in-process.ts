import { once } from 'node:events';
import { createServer } from 'node:http';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { until } from '@podman-api/testing';
import { afterEach } from 'vitest';
import { runCommandLine } from '../src/cli/main.ts';
import { createClient } from '../src/index.ts';
import type { CommandResult } from './command-line.ts';

/** A request that a fake API has received. */
interface ReceivedRequest {
  /** Method, path below the base path, and query. */
  readonly line: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/**
 * Answer of a fake API: fields of a successful response, a list of objects for a stream of JSON lines, an error by its `code`, or a
 * function that returns one of these.
 */
type FakeAnswer = object | readonly object[] | (() => object);

/**
 * Starts an API that gives fixed answers.
 * @param answers by method and path below the base path, without the query, such as `GET /images`
 */
export async function startFakeApi(answers: Readonly<Record<string, FakeAnswer>>) {
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    const line = `${request.method} ${request.url?.replace('/api/v1', '')}`;
    requests.push({ line, headers: request.headers, body: await text(request) });
    const answer = answers[line.replace(/\?.*/, '')];
    const found = (typeof answer === 'function' ? answer() : answer) ?? {
      code: 404,
      type: 'NotFoundError',
      message: `There is no route ${line}.`,
    };
    if (Array.isArray(found)) response.end(found.map(event => `${JSON.stringify(event)}\n`).join(''));
    else if ('code' in found) response.writeHead(Number(found.code)).end(JSON.stringify({ success: false, error: found }));
    else response.end(JSON.stringify({ success: true, ...found }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return {
    requests,
    /** The requests that have changed something: their line and JSON body. */
    changes: () =>
      requests.filter(({ line }) => !line.startsWith('GET ')).map(({ line, body }) => [line, body === '' ? {} : JSON.parse(body)]),
    /** Runs a command line in this process. */
    run: (...args: string[]) => runInProcess(url, args),
    /** Does the same with 60 seconds for retries. */
    runWithRetries: (...args: string[]) => runInProcess(url, args, false, 60),
    /** Does the same on a terminal, whose status lines are in `shown`. */
    runOnTerminal: (...args: string[]) => runInProcess(url, args, true),
    stop: () => server.close().closeAllConnections(),
  };
}

/**
 * Runs a command line without a process, which would take 170 ms of CPU time.
 * @param isTerminal whether stderr is a terminal, whose status lines are in `shown`
 */
export async function runInProcess(url: string, args: readonly string[], isTerminal = false, retryTimeoutSeconds = 0) {
  const shown: (readonly string[])[] = [];
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const written = Promise.all([text(stdout), text(stderr)]);
  const code = await runCommandLine(args, {
    streams: { stdout, stderr },
    signal: new AbortController().signal,
    progress: { isVisible: isTerminal, show() {}, showLines: lines => shown.push(lines), clear() {}, stop() {} },
    createClient: options => createClient({ ...options, url, retryTimeoutSeconds }, {}),
  });
  stdout.end();
  stderr.end();
  const [output, messages] = await written;
  return { code, stdout: output, stderr: messages, shown };
}

/** Returns a function that runs command lines against an API without a process. */
export function createInProcessRunner(url: string): (...args: string[]) => Promise<CommandResult> {
  return async (...args) => {
    const { code, stdout, stderr } = await runInProcess(url, args);
    return { code, stdout, stderr };
  };
}

/**
 * Runs a command for all nodes, such as `ps`, again until none is missing: a worker that gets no CPU time for five seconds does not
 * answer, by design.
 */
export function runForAllNodes<Result extends Omit<CommandResult, 'code'>>(run: () => Promise<Result>): Promise<Result> {
  return until(async () => {
    const result = await run();
    return result.stderr.includes('these nodes did not answer') ? undefined : result;
  });
}

/** Sends a request of the client to all nodes, again until none is missing, as `runForAllNodes` does. */
export function sendToAllNodes<Result extends { readonly unreachable: readonly string[] }>(send: () => Promise<Result>): Promise<Result> {
  return until(async () => {
    const result = await send();
    return result.unreachable.length === 0 ? result : undefined;
  });
}

/** Returns a function that starts a fake API, see `startFakeApi`; it is stopped after the test. */
export function useFakeApi() {
  let stop = () => {};
  afterEach(() => stop());
  return async (answers: Parameters<typeof startFakeApi>[0]) => {
    const fake = await startFakeApi(answers);
    stop = () => {
      fake.stop();
    };
    return fake;
  };
}
