import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DockerProxy, startDockerProxy } from '../src/cli/commands/proxy/docker-proxy.ts';
import { PortForwards } from '../src/cli/commands/proxy/port-forwards.ts';
import { createUpstream } from '../src/cli/commands/proxy/upstream.ts';

const session = '0123456789abcdef0123456789abcdef';
const [running, stopped] = ['a'.repeat(64), 'b'.repeat(64)];

describe('the published ports of the proxy for Docker clients', () => {
  /** Replaces the API, with the container `web` and an older one that was stopped; a tunnel sends the id of its container. */
  let api: Server;
  let forwards: PortForwards;
  let proxy: DockerProxy;
  beforeAll(async () => {
    const entry = (Id: string, State: string) => ({
      Id,
      State,
      Labels: { 'podman-api-session': session },
      Ports: [{ PrivatePort: 80, PublicPort: 8080, Type: 'tcp' }],
    });
    api = createServer((request, response) => {
      const isRemoved = request.method === 'DELETE';
      if (isRemoved) response.statusCode = 204;
      const body = /\/(web|a+)\/json$/.test(request.url ?? '') ? { Id: running } : [entry(running, 'running'), entry(stopped, 'exited')];
      if (isRemoved) return void response.end();
      // As a reverse proxy in between may do.
      const isCompressed = request.headers['accept-encoding']?.includes('gzip') === true;
      if (isCompressed) response.setHeader('Content-Encoding', 'gzip');
      response.end(isCompressed ? gzipSync(JSON.stringify(body)) : JSON.stringify(body));
    });
    api.on('upgrade', ({ url = '' }, socket) => {
      const [, id] = /containers\/(\w+)\/tunnel/.exec(url) ?? [];
      socket.end(`HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n${id}`);
    });
    await once(api.listen(0, '127.0.0.1'), 'listening');
    const address = api.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const upstream = createUpstream({ baseUrl: `http://127.0.0.1:${port}/api/v1`, token: undefined }, session);
    forwards = new PortForwards(upstream);
    proxy = await startDockerProxy({ upstream, forwards, session, address: { host: '127.0.0.1', port: 0 } });
  });
  afterAll(async () => {
    proxy.close();
    await forwards.close();
    api.close();
  });

  const send = (method: string, path: string) => fetch(proxy.url.replace('tcp:', 'http:') + path, { method });

  /** Lists all containers, and returns the port of this machine that leads to the first. */
  const readPort = async () => {
    const list: [{ Ports: [{ PublicPort: number }] }] = JSON.parse(await (await send('GET', '/v1.44/containers/json?all=1')).text());
    return list[0].Ports[0].PublicPort;
  };
  const read = (port: number) => text(connect({ host: '127.0.0.1', port }));

  it.each(['/containers/json', '/containers/web/json'])('are shown in %s to a client that accepts compressed responses', async path => {
    const response = await fetch(`${proxy.url.replace('tcp:', 'http:')}/v1.44${path}`, { headers: { 'Accept-Encoding': 'gzip' } });
    expect([response.status, response.headers.get('Content-Encoding')]).toEqual([200, null]);
    expect(await response.text()).toContain(running);
  });

  it('lead to the one of the listed containers that runs', async () => {
    expect(await read(await readPort())).toBe(running);
  });

  it.each(['web', running, running.slice(0, 12)])('are closed when the container is removed as %s', async name => {
    const port = await readPort();
    expect((await send('DELETE', `/v1.44/containers/${name}?force=1`)).status).toBe(204);
    await expect(read(port)).rejects.toThrow('ECONNREFUSED');
  });
});
