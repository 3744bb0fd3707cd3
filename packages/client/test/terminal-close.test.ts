import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../src/index.ts';
import type { TerminalOptions } from '../src/terminals/open-terminal.ts';

/** Replaces the API: it loses the first connection once the command runs, and answers no other. */
let server: Server;
let requests: string[];
let url: string;
beforeEach(async () => {
  requests = [];
  server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.end(JSON.stringify({ success: true, job: { id: 's', status: 'cancelled' } }));
  });
  server.on('upgrade', (request, socket: Duplex) => {
    socket.on('error', () => {});
    requests.push('UPGRADE');
    if (requests.length > 1) return void server.emit('reconnect');
    const key = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    const ready = Buffer.from(JSON.stringify({ type: 'ready', session: 's', offset: 0, tty: true }));
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\nSec-WebSocket-Protocol: podman-api.terminal.v1\r\n\r\n`,
    );
    socket.end(Buffer.concat([Buffer.from([0x81, ready.length]), ready]));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterEach(() => {
  server.close().closeAllConnections();
});

const cancel = 'DELETE /api/v1/jobs/s';
const open = (options: Omit<TerminalOptions, 'onOutput'>) =>
  createClient({ url, retryTimeoutSeconds: 0 }, {}).terminals.open('box', { onOutput() {}, ...options });

it('opens no terminal if the signal is aborted already', async () => {
  await expect(open({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  expect(requests).toEqual([]);
});

describe('a terminal that has lost its connection', () => {
  it('ends the command if it is closed before it connects again', async () => {
    const lost = Promise.withResolvers<unknown>();
    const terminal = await open({ onReconnect: lost.resolve });
    await lost.promise;
    terminal.close();
    expect(await terminal.exitCode).toBeNull();
    expect(requests).toEqual(['UPGRADE', cancel]);
  });

  it('ends the command if it is closed while it connects again', async () => {
    const reconnecting = once(server, 'reconnect');
    const terminal = await open({});
    await reconnecting;
    terminal.close();
    expect(await terminal.exitCode).toBeNull();
    expect(requests).toEqual(['UPGRADE', 'UPGRADE', cancel]);
  });

  it('ends the command if its signal is aborted', async () => {
    const lost = Promise.withResolvers<unknown>();
    const controller = new AbortController();
    const terminal = await open({ onReconnect: lost.resolve, signal: controller.signal });
    await lost.promise;
    controller.abort(new Error('enough'));
    await expect(terminal.exitCode).rejects.toThrow('enough');
    expect(requests).toEqual(['UPGRADE', cancel]);
  });
});
