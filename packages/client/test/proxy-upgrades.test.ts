import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DockerProxy, startDockerProxy } from '../src/cli/commands/proxy/docker-proxy.ts';
import { PortForwards } from '../src/cli/commands/proxy/port-forwards.ts';
import { createUpstream } from '../src/cli/commands/proxy/upstream.ts';

const head = 'POST /v1.44/exec/1/start HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 4\r\n\r\n';

describe('the proxy for Docker clients', () => {
  /** Replaces the API: answers a request with an upgrade once its body has arrived. */
  let api: Server;
  let proxy: DockerProxy;
  const connections: Socket[] = [];
  beforeAll(async () => {
    api = createServer(socket => {
      connections.push(socket);
      let received = '';
      socket.setEncoding('latin1').on('data', (text: string) => {
        received += text;
        if (received.endsWith('body')) socket.end('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\ndone');
      });
    }).listen(0, '127.0.0.1');
    await once(api, 'listening');
    const address = api.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const upstream = createUpstream({ baseUrl: `http://127.0.0.1:${port}/api/v1`, token: undefined }, '0'.repeat(32));
    const listen = { host: '127.0.0.1', port: 0 };
    proxy = await startDockerProxy({ upstream, forwards: new PortForwards(upstream), session: '0'.repeat(32), address: listen });
  });
  afterAll(() => {
    proxy.close();
    api.close();
  });

  const connectToProxy = async () => {
    const { hostname, port } = new URL(proxy.url.replace('tcp:', 'http:'));
    const socket = connect({ host: hostname, port: Number(port), noDelay: true }).setEncoding('latin1');
    await once(socket, 'connect');
    return socket;
  };

  it.each([
    ['with', [`${head}body`]],
    ['after', [head, 'body']],
    ['partly after', [`${head}bo`, 'dy']],
  ])('passes on the body of an upgrade that comes %s its head', async (_when, pieces) => {
    const socket = await connectToProxy();
    let answer = '';
    socket.on('data', (text: string) => {
      answer += text;
    });
    for (const piece of pieces) await new Promise(resolve => socket.write(piece, resolve));
    await once(socket, 'end');
    expect(answer).toMatch(/^HTTP\/1\.1 101 [\s\S]*done$/);
  });

  it('closes the connection to the API if the client dies within the body of an upgrade', async () => {
    const accepted = once(api, 'connection');
    const socket = await connectToProxy();
    socket.write(`${head}bo`);
    await accepted;
    const connection = connections.at(-1);
    const closed = connection && once(connection, 'close');
    socket.destroy();
    await closed;
    expect(connection?.destroyed).toBe(true);
  });
});
