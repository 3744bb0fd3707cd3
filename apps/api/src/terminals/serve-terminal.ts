import { ApiError, toApiError } from '@podman-api/errors';
import type { Log } from '@podman-api/runtime';
import { type ClientConnection, closeCodes } from './client-connection.ts';
import type { TerminalProtocol } from './protocol.ts';
import type { TerminalSession } from './terminal-session.ts';

/** Interval of the checks whether the token is still valid. */
const tokenCheckIntervalMs = 1000;
/** Maximum input that waits for the command to read it; beyond it, no more is read from the client. */
const maxPendingBytes = 256 * 1024;
/** Memory that a waiting message takes besides its bytes: a client can send any number of empty messages. */
const messageOverheadBytes = 1024;

/** A terminal that is served to a client. */
export interface ServedTerminal {
  readonly client: ClientConnection;
  readonly protocol: TerminalProtocol;
  /** Connects to the terminal. */
  open(): Promise<TerminalSession>;
  /** Whether the client may still use the terminal: its token may have been revoked. */
  isAllowed(): boolean;
  /** Aborted when this process begins to stop. */
  readonly draining: AbortSignal;
  readonly log: Log;
}

/**
 * Passes on bytes and messages between a client and a terminal until one of them ends. The command is ended if the client closes the
 * connection with code 1000 or without a code; after any other end, another connection can continue the terminal.
 */
export async function serveTerminal({ client, protocol, open, isAllowed, draining, log }: ServedTerminal): Promise<void> {
  const opening = open();
  let opened: TerminalSession | undefined;
  opening.then(
    session => {
      opened = session;
    },
    () => {},
  );
  const stop = async () => {
    // This comes first, so that the client's next connection is not refused because of this one.
    await opened?.close().catch(() => {});
    client.close(closeCodes.restart, 'The API process is stopping: connect again.');
  };
  const fail = (error: ApiError) => {
    // While draining, this process itself has closed the session.
    if (!draining.aborted) client.fail(error);
  };
  draining.addEventListener('abort', stop);
  if (draining.aborted) void stop();
  const checks = setInterval(() => {
    if (!isAllowed()) fail(revokedError());
  }, tokenCheckIntervalMs);
  receive(client, protocol, opening, fail);
  // It ends with the session, which is closed below when the client is gone.
  void send(client, protocol, opening).then(
    () => client.close(closeCodes.normal),
    (thrown: unknown) => {
      const error = toApiError(thrown);
      if (error.type === 'InternalError') log.error({ err: error.cause }, error.message);
      fail(error);
    },
  );
  const code = await client.closed;
  clearInterval(checks);
  draining.removeEventListener('abort', stop);
  const session = await opening.catch(() => undefined);
  const isEndWanted = !client.isClosedHere && (code === closeCodes.normal || code === closeCodes.noStatus);
  // Without Redis, the worker ends the command when it has been without a connection for long enough.
  if (isEndWanted) await session?.cancel().catch(() => {});
  await session?.close().catch(() => {});
}

/** Passes on the messages and output of the terminal; while the client does not read, nothing is read from the terminal. */
async function send(client: ClientConnection, protocol: TerminalProtocol, opening: Promise<TerminalSession>): Promise<void> {
  const session = await opening;
  for await (const event of session.events()) {
    const message = protocol.encode(event);
    if (message !== undefined) await client.send(message);
  }
}

/** Passes on what the client sends, in order; while the command does not read, nothing is read from the client. */
function receive(
  client: ClientConnection,
  protocol: TerminalProtocol,
  opening: Promise<TerminalSession>,
  fail: (error: ApiError) => void,
): void {
  let pendingBytes = 0;
  let last: Promise<unknown> = opening;
  client.onMessage((bytes, isBinary) => {
    const size = bytes.length + messageOverheadBytes;
    pendingBytes += size;
    if (pendingBytes > maxPendingBytes) client.pause();
    last = last
      .then(async () => {
        const session = await opening;
        const message = protocol.decode(bytes, isBinary);
        if (message?.bytes) await session.write(message.bytes);
        else if (message) await session.send(message.request);
      })
      .catch((error: unknown) => fail(toApiError(error)))
      .then(() => {
        pendingBytes -= size;
        if (pendingBytes <= maxPendingBytes) client.resume();
      });
  });
}

function revokedError(): ApiError {
  return new ApiError('UnauthorizedError', 'The token was revoked or has expired.');
}
