import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach } from 'vitest';
import { findCommand } from '../src/cli/commands/find-command.ts';
import type { CommandContext } from '../src/cli/context.ts';
import { formatError, getExitCode } from '../src/cli/errors.ts';
import { printable, printableLine } from '../src/cli/printable.ts';
import { createClient } from '../src/index.ts';

/** A request that a fake API has received. */
interface ReceivedRequest {
  /** Method, path below the base path, and query. */
  readonly line: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** What a fake API answers: fields of a successful response, a list of objects for a stream of JSON lines, or an error by its `code`. */
type FakeAnswer = object | readonly object[];

/**
 * Starts an API that gives fixed answers.
 * @param answers by method and path below the base path, without the query, such as `GET /images`
 */
export async function startFakeApi(answers: Readonly<Record<string, FakeAnswer>>) {
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    const line = `${request.method} ${request.url?.replace('/api/v1', '')}`;
    requests.push({ line, headers: request.headers, body: await text(request) });
    const found = answers[line.replace(/\?.*/, '')] ?? { code: 404, type: 'NotFoundError', message: `There is no route ${line}.` };
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
    /** Does the same on a terminal, whose status lines are in `shown`. */
    runOnTerminal: (...args: string[]) => runInProcess(url, args, true),
    stop: () => server.close().closeAllConnections(),
  };
}

/** Runs a command line without a process, which would take 200 ms. */
export async function runInProcess(url: string, args: readonly string[], isTerminal = false) {
  const output = { stdout: '', stderr: '' };
  const shown: (readonly string[])[] = [];
  const { signal } = new AbortController();
  const print = async (chunk: string) => {
    output.stdout += printable(chunk);
  };
  const context: CommandContext = {
    api: createClient({ url, retryTimeoutSeconds: 0 }, {}),
    signal,
    progress: { isVisible: isTerminal, show() {}, showLines: lines => shown.push(lines), clear() {}, stop() {} },
    async writeOutput(stream, chunk) {
      output[stream] += String(chunk);
    },
    print,
    printLine: line => print(`${printableLine(line)}\n`),
    printMessage(line) {
      output.stderr += `podman-api: ${printableLine(line)}\n`;
    },
    printStatus(line) {
      output.stderr += `${printableLine(line)}\n`;
    },
  };
  const found = findCommand(args);
  if (!found || 'group' in found) throw new Error(`there is no command ${args.join(' ')}`);
  try {
    return { code: await found.command.run(found.args, context), ...output, shown };
  } catch (error) {
    return { code: getExitCode(error), stdout: output.stdout, stderr: `${output.stderr}podman-api: ${formatError(error)}\n`, shown };
  }
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
