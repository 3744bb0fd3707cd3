import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { startRedis, until } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { createFailFastClient } from '../src/client.ts';

const bulk = (text: string) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const list = (...items: string[]) => `*${items.length}\r\n${items.join('')}`;

/** Starts a fake sentinel (RESP2) whose answers and messages are controlled by the test. */
async function startFakeSentinel(master: readonly string[]) {
  const sockets = new Set<Socket>();
  const subscribers = new Set<Socket>();
  const held: (() => void)[] = [];
  let isHolding = false;
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      subscribers.delete(socket);
    });
    let text = '';
    socket.on('data', chunk => {
      text += String(chunk);
      for (let command = takeCommand(); command !== undefined; command = takeCommand()) answer(socket, command);
    });
    /** Removes the first command from the text that has arrived, if it is complete. */
    const takeCommand = (): string[] | undefined => {
      const count = Number(/^\*(\d+)\r\n/.exec(text)?.[1]);
      const parts = text.split('\r\n');
      if (!(parts.length > 2 * count + 1)) return undefined;
      text = parts.slice(2 * count + 1).join('\r\n');
      return parts.slice(1, 2 * count + 1).filter((_, index) => index % 2 === 1);
    };
  });
  const answer = (socket: Socket, [name = '', ...args]: readonly string[]) => {
    const command = `${name} ${args[0] ?? ''}`.toLowerCase();
    if (command === 'sentinel get-master-addr-by-name') {
      const send = () => socket.write(list(...master.map(bulk)));
      if (isHolding) held.push(send);
      else send();
    } else if (command.startsWith('sentinel')) socket.write(list());
    else if (command.startsWith('subscribe')) {
      subscribers.add(socket);
      socket.write(list(bulk('subscribe'), bulk('+switch-master'), ':1\r\n'));
    } else socket.write(`-ERR unknown command '${name.toUpperCase()}'\r\n`);
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    endpoint: { host: '127.0.0.1', port: typeof address === 'object' && address !== null ? address.port : 0 },
    subscribers,
    /** Requests for the master's address that wait for `release`. */
    held,
    hold() {
      isHolding = true;
    },
    release() {
      isHolding = false;
      for (const send of held.splice(0)) send();
    },
    reportNewMaster() {
      for (const socket of subscribers) socket.write(list(bulk('message'), bulk('+switch-master'), bulk('jobs')));
    },
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe('a connection through Sentinel', () => {
  // Steps: the connection is lost; while its replacement queries the master's address, a sentinel reports a new one.
  it('reconnects if a new master is reported while it reconnects', async ({ onTestFinished }) => {
    const server = await startRedis({ kind: 'sentinel' });
    onTestFinished(server.stop);
    const master = (await server.sentinels[0]?.sendCommand('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'jobs'))?.trim().split('\n') ?? [];
    const sentinel = await startFakeSentinel(master);
    onTestFinished(sentinel.stop);
    const redis = createFailFastClient({ kind: 'sentinel', sentinels: [sentinel.endpoint], master: 'jobs', db: 0, tls: false });
    onTestFinished(() => redis.disconnect());
    await until(() => redis.status === 'ready' && sentinel.subscribers.size > 0);

    sentinel.hold();
    await server.sendCommand('CLIENT', 'KILL', 'TYPE', 'normal');
    await until(() => sentinel.held.length > 0);
    sentinel.reportNewMaster();
    // There are no subscribers until the connection is open again.
    await until(() => sentinel.subscribers.size === 0);
    sentinel.release();
    await until(() => redis.status === 'ready');
    expect(await redis.ping()).toBe('PONG');
  });
});
