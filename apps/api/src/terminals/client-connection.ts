import type { ApiError } from '@podman-api/errors';
import { type RawData, WebSocket } from 'ws';
import type { Message, TerminalProtocol } from './protocol.ts';

/** Interval of the pings, by which proxies see that the connection is in use. */
const pingIntervalMs = 15_000;
/** A client that has sent and received nothing for this long counts as disconnected. */
const deadAfterMs = 45_000;
/** Maximum data that waits in this process for the client to read it. */
const maxUnsentBytes = 256 * 1024;
/** A client that has neither read anything nor answered the close of the connection for this long is disconnected. */
const closeTimeoutMs = 10_000;
/** RFC 6455, section 5.5. */
const maxReasonBytes = 123;

/** Codes by which this service closes a WebSocket (RFC 6455, section 7.4.1), besides 4000 + the HTTP status of an error. */
export const closeCodes = { normal: 1000, noStatus: 1005, restart: 1012, error: 4000 } as const;

/** The WebSocket of a client, with its end. */
export class ClientConnection {
  /** Aborted when the connection has ended. */
  readonly gone: AbortSignal;
  /** Resolves with the code by which the connection was closed. */
  readonly closed: Promise<number>;
  /** Whether this service has closed it. */
  isClosedHere = false;
  readonly #socket: WebSocket;
  readonly #protocol: TerminalProtocol;

  constructor(socket: WebSocket, protocol: TerminalProtocol) {
    this.#socket = socket;
    this.#protocol = protocol;
    const gone = new AbortController();
    this.gone = gone.signal;
    this.closed = new Promise(resolve => {
      socket.on('close', code => {
        gone.abort('gone');
        resolve(code);
      });
    });
    // An error closes the connection, too.
    socket.on('error', () => {});
    // A client that sends pings and reads nothing gets no more pongs, which would fill the memory.
    socket.on('ping', data => {
      if (socket.bufferedAmount <= maxUnsentBytes) socket.pong(data);
    });
    this.#watch();
  }

  /** Registers the receiver of the client's messages, which can stop the client by `pause`. */
  onMessage(listener: (bytes: Buffer, isBinary: boolean) => void): void {
    this.#socket.on('message', (data, isBinary) => listener(toBuffer(data), isBinary));
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Sends a message. Resolves when more can be sent, or the client has disconnected. */
  async send(message: Message): Promise<void> {
    const sent = new Promise<void>(resolve => this.#socket.send(message, () => resolve()));
    if (this.#socket.bufferedAmount > maxUnsentBytes) await sent;
  }

  /** Reports an error to the client, and closes the connection. */
  fail(error: ApiError): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    const { podman: _podman, ...body } = error.toJSON();
    this.#socket.send(this.#protocol.encodeError(body));
    this.close(closeCodes.error + error.status, error.message);
  }

  /**
   * Closes the connection after everything that was sent; a client that does not answer is disconnected.
   * @param reason is left out if it is too long
   */
  close(code: number, reason = ''): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.isClosedHere = true;
    this.#socket.resume();
    this.#socket.close(code, Buffer.byteLength(reason) <= maxReasonBytes ? reason : '');
    let unsentBytes = this.#socket.bufferedAmount;
    const timer = setInterval(() => {
      // A slow client reads what was sent before the close.
      if (this.#socket.bufferedAmount >= unsentBytes) this.#socket.terminate();
      unsentBytes = this.#socket.bufferedAmount;
    }, closeTimeoutMs);
    this.#socket.once('close', () => clearInterval(timer));
  }

  /** Pings the client, and closes the connection if it does not respond. */
  #watch(): void {
    const socket = this.#socket;
    let lastActivityMs = performance.now();
    let unsentBytes = 0;
    const recordActivity = () => {
      lastActivityMs = performance.now();
    };
    socket.on('pong', recordActivity);
    socket.on('message', recordActivity);
    const pings = setInterval(() => {
      // A slow client first reads what was sent before the ping, and the pong of a paused one is not read.
      if (socket.bufferedAmount < unsentBytes || socket.isPaused) recordActivity();
      unsentBytes = socket.bufferedAmount;
      if (performance.now() - lastActivityMs > deadAfterMs) socket.terminate();
      else if (socket.readyState === WebSocket.OPEN) socket.ping();
    }, pingIntervalMs);
    socket.on('close', () => clearInterval(pings));
  }
}

function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? Buffer.from(data) : data;
}
