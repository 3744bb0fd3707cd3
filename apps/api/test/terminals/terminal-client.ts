import { once } from 'node:events';
import { until } from '@podman-api/testing';
import { WebSocket } from 'ws';

/** A message of a terminal. */
export interface TerminalMessage {
  readonly type: string;
  readonly session?: string;
  readonly offset?: number;
  readonly exit_code?: number | null;
  readonly error?: { readonly message: string; readonly code: number; readonly type: string };
}

/** A client of a terminal, which records all that it receives. */
export interface TerminalClient {
  readonly socket: WebSocket;
  /** All output, as text. */
  readonly output: () => string;
  readonly messages: readonly TerminalMessage[];
  /** Returns the first message of a type; waits for it. */
  message(type: string): Promise<TerminalMessage>;
  type(text: string): void;
  send(message: object): void;
  /** Waits for the end of the connection. @returns its code */
  waitForClose(): Promise<number>;
}

/** Opens a terminal by a WebSocket. @param url of the service */
export function openTerminal(
  url: string,
  path: string,
  options: { readonly headers?: Record<string, string>; readonly protocols?: string[] } = {},
): TerminalClient {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/api/v1${path}`, options.protocols ?? [], { headers: options.headers ?? {} });
  const pieces: Buffer[] = [];
  const messages: TerminalMessage[] = [];
  let code: number | undefined;
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) pieces.push(data);
    else messages.push(JSON.parse(data.toString()));
  });
  socket.on('close', given => {
    code = given;
  });
  socket.on('error', () => {});
  return {
    socket,
    output: () => Buffer.concat(pieces).toString(),
    messages,
    async message(type) {
      await until(() => messages.some(message => message.type === type) || code !== undefined);
      const found = messages.find(message => message.type === type);
      if (!found) throw new Error(`the terminal was closed with ${code}: ${JSON.stringify(messages)}`);
      return found;
    },
    type: text => socket.send(Buffer.from(text)),
    send: message => socket.send(JSON.stringify(message)),
    async waitForClose() {
      await until(() => code !== undefined);
      return code ?? 0;
    },
  };
}

/** Returns the response to a request for a WebSocket that is refused. */
export async function refusedUpgrade(
  url: string,
  path: string,
  headers: Record<string, string> = {},
  protocols: string[] = [],
): Promise<{ readonly status: number; readonly body: string }> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/api/v1${path}`, protocols, { headers });
  socket.on('error', () => {});
  const [, response] = await once(socket, 'unexpected-response');
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece);
  return { status: response.statusCode, body: Buffer.concat(pieces).toString() };
}
