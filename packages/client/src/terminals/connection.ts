import type { ErrorBody } from '../errors.ts';
import { ApiError, UnreachableError } from '../errors.ts';

/** Name of an output stream; in a terminal, all output is on stdout. */
export type TerminalStream = 'stdout' | 'stderr';

/** Events of a connection to a terminal. */
export interface ConnectionEvents {
  /** The command runs; `offset` is the position of the output that follows. */
  onReady(session: string, offset: number): void;
  onOutput(stream: TerminalStream, bytes: Uint8Array): void;
  /** The command has ended. */
  onExit(exitCode: number | null): void;
}

/** A connection to a terminal. */
export interface TerminalConnection {
  /** Sends bytes, or a message. */
  send(message: Uint8Array<ArrayBuffer> | object): void;
  /** Resolves when the connection has ended regularly; rejects with an ApiError, or with UnreachableError if it was lost. */
  readonly ended: Promise<void>;
  /** Ends the connection, and the command with it. */
  close(): void;
}

/** Opens a connection to a terminal by the protocol of docs/terminals.md. @param url a ws or wss URL @param headers of the request */
export function connectTerminal(url: string, headers: Readonly<Record<string, string>>, events: ConnectionEvents): TerminalConnection {
  const socket = new WebSocket(url, {
    protocols: ['podman-api.terminal.v1'],
    headers,
  });
  socket.binaryType = 'arraybuffer';
  let isTerminal = true;
  let failure: ApiError | undefined;
  const handle = (text: string) => {
    const message: TerminalMessage = JSON.parse(text);
    if (message.type === 'ready') {
      isTerminal = message.tty;
      events.onReady(message.session, message.offset);
    } else if (message.type === 'exit') events.onExit(message.exit_code);
    else if (message.type === 'error') failure = new ApiError(message.error);
  };
  const ended = new Promise<void>((resolve, reject) => {
    socket.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') return handle(data);
      const bytes = new Uint8Array(data);
      if (isTerminal) events.onOutput('stdout', bytes);
      else events.onOutput(bytes[0] === 2 ? 'stderr' : 'stdout', bytes.subarray(1));
    });
    socket.addEventListener('close', ({ code }) => {
      if (failure) reject(failure);
      else if (code === 1000) resolve();
      else reject(new UnreachableError(`The connection to the terminal was lost (code ${code}).`, true));
    });
  });
  // The close that follows is reported.
  socket.addEventListener('error', () => {});
  return {
    send(message) {
      if (socket.readyState === WebSocket.OPEN) socket.send(message instanceof Uint8Array ? message : JSON.stringify(message));
    },
    ended,
    close: () => socket.close(1000),
  };
}

/** A text message of the service. */
type TerminalMessage =
  | { readonly type: 'ready'; readonly session: string; readonly offset: number; readonly tty: boolean }
  | { readonly type: 'exit'; readonly exit_code: number | null }
  | { readonly type: 'error'; readonly error: ErrorBody };
