import { ApiUnavailable, request } from '../shared/api.js';

const subprotocol = 'podman-api.terminal.v1';
/** Codes with which this page closes a WebSocket: the first ends the command, the others do not (docs/terminals.md). */
const closeCodes = { end: 1000, paused: 4000 };
/** Longest message that is sent; the service accepts 1 MiB. */
const maxMessageBytes = 256 * 1024;
/** Maximum output not yet rendered; above it the connection is closed until it is rendered. xterm.js drops output beyond 50 MB. */
const maxUnshownBytes = 4 * 1024 * 1024;
/** Pause before the next attempt to connect, in ms. It doubles up to the maximum. */
const pauseMs = 500;
const maxPauseMs = 8000;

/**
 * Opens a terminal, and connects again after a lost connection until the command has ended.
 * @param {import('./types.d.ts').TerminalTarget} target
 * @param {import('./types.d.ts').ConnectionEvents} events
 * @returns {import('./types.d.ts').TerminalConnection}
 */
export function openTerminal({ container, node, command, user }, events) {
  const path = `containers/${encodeURIComponent(container)}/terminal`;
  /** @type {WebSocket | undefined} */
  let socket;
  /** Id of the terminal, as soon as the command runs. @type {string | undefined} */
  let session;
  /** Position in the output up to which it has arrived. */
  let receivedBytes = 0;
  let unshownBytes = 0;
  let isPaused = false;
  let isReady = false;
  let hasEnded = false;
  let waitMs = pauseMs;

  /** @param {string} text @param {boolean} isProblem */
  function end(text, isProblem) {
    if (hasEnded) return;
    hasEnded = true;
    events.onEnd(text, isProblem);
  }

  /** Connects again after a pause. A terminal that does not run yet ends instead. @param {string} reason */
  function connectLater(reason) {
    if (hasEnded) return;
    if (session === undefined) {
      end(reason, true);
      return;
    }
    events.onState('The connection was lost. Connecting again.', false);
    setTimeout(connect, waitMs);
    waitMs = Math.min(waitMs * 2, maxPauseMs);
  }

  function createQuery() {
    if (session !== undefined) return { session, since: String(receivedBytes), takeover: 'true' };
    const { cols, rows } = events.size();
    return { command, ...(user !== '' && { user }), ...(node !== null && { node }), cols: String(cols), rows: String(rows) };
  }

  async function connect() {
    if (hasEnded) return;
    const query = createQuery();
    try {
      const ticket = await createTicket(path);
      if (!hasEnded) open(`${path}?${new URLSearchParams({ ...query, ticket })}`, `${path}?${new URLSearchParams(query)}`);
    } catch (error) {
      handleFailure(error);
    }
  }

  /** @param {unknown} error */
  function handleFailure(error) {
    if (error instanceof ApiUnavailable) connectLater(error.message);
    else end(error instanceof Error ? error.message : String(error), true);
  }

  /** @param {string} address below the base path @param {string} addressWithoutTicket */
  function open(address, addressWithoutTicket) {
    const url = new URL(`/api/v1/${address}`, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const own = new WebSocket(url, subprotocol);
    own.binaryType = 'arraybuffer';
    socket = own;
    let wasOpened = false;
    own.addEventListener('open', () => {
      wasOpened = true;
    });
    own.addEventListener('message', ({ data }) => {
      if (data instanceof ArrayBuffer) receive(new Uint8Array(data));
      else handle(JSON.parse(data));
    });
    own.addEventListener('close', ({ code }) => {
      isReady = false;
      if (hasEnded) return;
      if (isPaused) resumeIfShown();
      else if (code === closeCodes.end) end('The terminal was closed.', false);
      else if (wasOpened) connectLater('The connection was lost before the command ran.');
      else explainRefusal(addressWithoutTicket).then(connectLater, handleFailure);
    });
  }

  /** @param {import('./types.d.ts').TerminalMessage} message */
  function handle(message) {
    if (message.type === 'exit') end(describeExit(message.exit_code), false);
    else if (message.type === 'error') end(message.error.message, true);
    else {
      if (message.offset > receivedBytes) {
        const text = `\r\n[${message.offset - receivedBytes} bytes of output are no longer kept]\r\n`;
        events.onOutput(new TextEncoder().encode(text), () => {});
      }
      ({ session, offset: receivedBytes } = message);
      isReady = true;
      waitMs = pauseMs;
      events.onState('Connected.', true);
      send({ type: 'resize', ...events.size() });
    }
  }

  /** @param {Uint8Array} bytes */
  function receive(bytes) {
    receivedBytes += bytes.length;
    unshownBytes += bytes.length;
    events.onOutput(bytes, () => {
      unshownBytes -= bytes.length;
      resumeIfShown();
    });
    if (unshownBytes > maxUnshownBytes && !isPaused) {
      isPaused = true;
      socket?.close(closeCodes.paused);
    }
  }

  function resumeIfShown() {
    if (!isPaused || unshownBytes > 0 || socket?.readyState !== WebSocket.CLOSED) return;
    isPaused = false;
    void connect();
  }

  /** @param {object} message */
  function send(message) {
    if (isReady && socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  events.onState('Connecting.', false);
  void connect();
  return {
    write(text) {
      const bytes = new TextEncoder().encode(text);
      if (!isReady || socket?.readyState !== WebSocket.OPEN) return;
      for (let start = 0; start < bytes.length; start += maxMessageBytes) socket.send(bytes.subarray(start, start + maxMessageBytes));
    },
    resize: size => send({ type: 'resize', ...size }),
    close() {
      if (hasEnded) return;
      const isOpen = socket?.readyState === WebSocket.OPEN;
      end('Disconnected.', false);
      if (isOpen) socket?.close(closeCodes.end);
      // Otherwise the command would wait for a connection for a minute.
      else if (session !== undefined) request(`jobs/${session}`, { method: 'DELETE' }).catch(() => {});
    },
  };
}

/** @param {number | null} exitCode */
function describeExit(exitCode) {
  return exitCode === null ? 'The command has ended; its exit code was not observed.' : `The command has ended with exit code ${exitCode}.`;
}

/**
 * Creates a ticket, because a page cannot send its token with a WebSocket.
 * @param {string} path below the base path
 * @returns {Promise<string>}
 * @throws {ApiUnavailable} if another attempt may succeed
 * @throws {Error} with the message of the API
 */
async function createTicket(path) {
  /** @type {Awaited<ReturnType<typeof request<import('../shared/types.d.ts').ApiResponse & {ticket?: {ticket: string}}>>>} */
  const { status, body } = await request('tickets', { method: 'POST', body: { path: `/api/v1/${path}` } });
  if (body.ticket) return body.ticket.ticket;
  throw createRefusal(status, body.error?.message);
}

/** @param {number} status @param {string} [message] */
function createRefusal(status, message = `The API responded with status ${status}.`) {
  return status === 429 || status >= 500 ? new ApiUnavailable(message) : new Error(message);
}

/**
 * Finds out why a WebSocket was refused, which browsers hide from a page, by the same request without a WebSocket. All other checks of
 * the API come before that of the WebSocket.
 * @param {string} address below the base path
 * @returns {Promise<string>} a reason if the request itself is not refused
 * @throws {ApiUnavailable} if another attempt may succeed
 * @throws {Error} with the message of the API
 */
async function explainRefusal(address) {
  /** @type {Awaited<ReturnType<typeof request<import('../shared/types.d.ts').ApiResponse>>>} */
  const { status, body } = await request(address);
  if (body.error && !body.error.message.includes('Upgrade: websocket')) throw createRefusal(status, body.error.message);
  return 'The WebSocket could not be opened: make sure that a proxy in front of the API passes WebSockets on.';
}
