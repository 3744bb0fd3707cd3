import { images, sharedService } from '@podman-api/testing';
import { ownName, ownNetwork } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { connectDocker, execIn } from './docker/clients.ts';

const serve = ['sh', '-c', 'echo hello > /tmp/index.html; exec httpd -f -p 8080 -h /tmp'];
/** Reads the page by each name. The server may not listen yet, or its name not be known yet. */
const read = (...hosts: readonly string[]) => [
  'sh',
  '-c',
  `for host in ${hosts.join(' ')}; do
    tries=0
    until wget -q -T 2 -O - "http://$host:8080/" || [ "$tries" -ge 300 ]; do tries=$((tries + 1)); sleep 0.1; done
  done`,
];

describe('the names of containers on a network', () => {
  it('are their own names and the aliases of a connection', async () => {
    const { call } = sharedService();
    const [network, server, client] = [ownNetwork(), ownName(), ownName()];
    expect(await call('POST', '/networks', { name: network })).toMatchObject({ status: 201, body: { network: { dns_enabled: true } } });
    expect((await call('POST', '/containers', { image: images.busybox, name: server, command: serve })).status).toBe(201);
    expect((await call('POST', `/networks/${network}/connect`, { container: server, aliases: ['db'] })).status).toBe(200);
    const created = await call('POST', '/containers', { image: images.busybox, name: client, command: 'sleep 600', network });
    expect(created.status).toBe(201);
    const { body } = await call('POST', `/containers/${client}/exec`, { command: read(server, 'db') });
    expect(body).toMatchObject({ execution: { exit_code: 0, stdout: 'hello\nhello\n' } });
  });

  it('are the same by the Docker-compatible API', async () => {
    const docker = connectDocker(sharedService().dockerUrl);
    const [network, server, client] = [ownNetwork(), ownName(), ownName()];
    await docker.createNetwork({ Name: network });
    const run = async (name: string, Cmd: string[], aliases: string[]) => {
      const container = await docker.createContainer({
        Image: images.busybox,
        name,
        Cmd,
        HostConfig: { NetworkMode: network },
        NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: aliases } } },
      });
      await container.start();
      return container;
    };
    await run(server, serve, ['db']);
    const reader = await run(client, ['sleep', '600'], []);
    expect(await execIn(docker, reader, { Cmd: read(server, 'db') })).toMatchObject({ exitCode: 0, stdout: 'hello\nhello\n' });
  });
});
