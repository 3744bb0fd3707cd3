import { ApiError, UnreachableError } from '../errors.ts';
import type { HttpClient } from '../http/http-client.ts';
import { formatQuery, path } from '../http/request.ts';
import { sleep } from '../sleep.ts';
import { connectTerminal, type TerminalConnection, type TerminalStream } from './connection.ts';

/** Options of a terminal. */
export interface TerminalOptions {
  /** A string runs as `sh -c <string>`, a list is argv. Default: `sh`. */
  readonly command?: string | readonly string[] | undefined;
  /** Whether it runs in a terminal; otherwise stdout and stderr are kept apart. Default: true. */
  readonly tty?: boolean | undefined;
  /** Default: 80. */
  readonly cols?: number | undefined;
  /** Default: 24. */
  readonly rows?: number | undefined;
  readonly user?: string | undefined;
  readonly workDir?: string | undefined;
  /** Variables, of about 10 KiB at most. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Whether the command reads what is written. Default: true. */
  readonly stdin?: boolean | undefined;
  /** Time limit of the command in seconds. Default: 86400. */
  readonly timeoutSeconds?: number | undefined;
  /** Time in seconds for which the command continues without a connection, and this client tries to reconnect. Default: 60. */
  readonly reconnectTimeoutSeconds?: number | undefined;
  /** Receives the output as it arrives. In a terminal, all of it is on stdout. */
  readonly onOutput: (stream: TerminalStream, bytes: Uint8Array) => void;
  /** Called each time the connection is lost, before this client reconnects. */
  readonly onReconnect?: ((error: UnreachableError) => void) | undefined;
  /** Ends the terminal, and the command with it. */
  readonly signal?: AbortSignal | undefined;
}

/** An interactive command in a container. */
export interface Terminal {
  /** Id of its job. */
  readonly session: string;
  /** Writes to its stdin. Data that is written while the connection is lost is sent afterwards; data in transit may be lost. */
  write(data: string | Uint8Array): void;
  /** Ends its stdin. In a terminal, write `\x04` instead. */
  endStdin(): void;
  resize(size: { readonly cols: number; readonly rows: number }): void;
  /** Signals the foreground of the terminal, or all processes of the command. @param signal such as `SIGINT` */
  signal(signal: string): void;
  /**
   * Resolves with the exit code when the command has ended, `null` if none was observed, or after `close`.
   * @throws ApiError if it was ended otherwise, UnreachableError if the connection was lost for longer than `reconnectTimeoutSeconds`
   */
  readonly exitCode: Promise<number | null>;
  /** Ends the connection, and the command with it. */
  close(): void;
}

const defaultReconnectSeconds = 60;
/** Pause between two attempts to connect again. */
const reconnectIntervalMs = 500;

/**
 * Opens a terminal, and connects again when the connection is lost.
 * @throws ApiError if it is refused, UnreachableError if the API does not answer, or the reason of the signal
 */
export async function openTerminal(http: HttpClient, name: string, options: TerminalOptions): Promise<Terminal> {
  const { reconnectTimeoutSeconds = defaultReconnectSeconds, onOutput, onReconnect, signal } = options;
  signal?.throwIfAborted();
  const { settings } = http;
  const target = path`/containers/${name}/terminal`;
  const ready = Promise.withResolvers<string>();
  let session: string | undefined;
  let offset = 0;
  let exitCode: number | null = null;
  let isOver = false;
  let connection: TerminalConnection | undefined;
  /** Data that was written while there is no connection. */
  let pending: (Uint8Array<ArrayBuffer> | object)[] = [];
  let isReady = false;

  const connect = (query: string) => {
    const url = settings.baseUrl.replace(/^http/, 'ws') + target + query;
    const headers = { ...authorizationOf(settings.token), ...(session === undefined && environmentHeader(options.environment)) };
    const own = connectTerminal(url, headers, {
      onReady(id, position) {
        session = id;
        offset = position;
        isReady = true;
        for (const message of pending.splice(0)) own.send(message);
        ready.resolve(id);
      },
      onOutput(stream, bytes) {
        offset += bytes.length;
        onOutput(stream, bytes);
      },
      onExit(code) {
        exitCode = code;
      },
    });
    connection = own;
    return own.ended.finally(() => {
      isReady = false;
    });
  };
  const send = (message: Uint8Array<ArrayBuffer> | object) => {
    if (isReady) connection?.send(message);
    else if (!isOver) pending.push(message);
  };
  const close = () => {
    isOver = true;
    pending = [];
    connection?.close();
  };
  const onAbort = () => close();

  /** Ends the command after `close` when there is no connection that could be closed. */
  const cancelSession = async (): Promise<number | null> => {
    if (session !== undefined) await http.send({ method: 'DELETE', path: path`/jobs/${session}` }).catch(() => {});
    signal?.throwIfAborted();
    return exitCode;
  };

  /** Keeps a connection until the command has ended. */
  const run = async (): Promise<number | null> => {
    let lostAtMs: number | undefined;
    for (let query = startQuery(options); ; query = formatQuery({ session, since: offset, takeover: true })) {
      const before = offset;
      try {
        await connect(query);
        signal?.throwIfAborted();
        return exitCode;
      } catch (error) {
        if (!(error instanceof UnreachableError)) throw signal?.aborted ? signal.reason : error;
        if (isOver) return await cancelSession();
        if (session === undefined) throw await explainRefusal(http, target, query, error);
        if (lostAtMs === undefined || offset > before) lostAtMs = performance.now();
        if (performance.now() - lostAtMs > reconnectTimeoutSeconds * 1000) throw error;
        onReconnect?.(error);
        await sleep(reconnectIntervalMs, signal).catch(() => {});
        if (isOver) return await cancelSession();
      }
    }
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  const ended = run().finally(() => {
    isOver = true;
    signal?.removeEventListener('abort', onAbort);
  });
  ended.catch(ready.reject);
  const id = await Promise.race([ready.promise, ended.then(() => session ?? '')]);
  return {
    session: id,
    write: data => send(typeof data === 'string' ? new TextEncoder().encode(data) : new Uint8Array(data)),
    endStdin: () => send({ type: 'end_stdin' }),
    resize: ({ cols, rows }) => send({ type: 'resize', cols, rows }),
    signal: name => send({ type: 'signal', signal: name }),
    exitCode: ended,
    close,
  };
}

/** Returns the query that opens a terminal. */
function startQuery({ command, workDir, reconnectTimeoutSeconds, tty, cols, rows, user, stdin, timeoutSeconds }: TerminalOptions): string {
  const rest = formatQuery({
    tty,
    cols,
    rows,
    user,
    work_dir: workDir,
    stdin,
    timeout: timeoutSeconds,
    reconnect_timeout: reconnectTimeoutSeconds,
  });
  if (command === undefined) return rest;
  return `${rest === '' ? '?' : `${rest}&`}${new URLSearchParams(wordsOf(command).map(word => ['command', word]))}`;
}

function authorizationOf(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { Authorization: `Bearer ${token}` };
}

/** Returns the header with the variables: their values are secrets, which must not be in an address. */
function environmentHeader(environment: TerminalOptions['environment']): Record<string, string> {
  if (environment === undefined) return {};
  // A header has ASCII characters only.
  const escaped = JSON.stringify(environment).replaceAll(/[^ -~]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return { 'X-Podman-Api-Environment': escaped };
}

/** Returns the words of the parameter `command`: the API would run a single word with special characters by a shell. */
function wordsOf(command: string | readonly string[]): readonly string[] {
  if (typeof command === 'string') return [command];
  const [word = '', ...others] = command;
  return others.length > 0 || /^[\w./+-]+$/.test(word) ? command : ['sh', '-c', 'exec "$0"', word];
}

/**
 * Determines why a WebSocket was not opened, which the browser's interface does not report: the same request without an upgrade
 * is refused for the same reason.
 */
async function explainRefusal(http: HttpClient, target: string, query: string, lost: UnreachableError): Promise<unknown> {
  try {
    await http.send({ method: 'GET', path: target + query });
  } catch (error) {
    const isAboutWebSocket = error instanceof ApiError && /WebSocket/.test(error.message);
    return isAboutWebSocket ? new UnreachableError(`${lost.message} A proxy in between may not support WebSockets.`, true) : error;
  }
  return lost;
}
