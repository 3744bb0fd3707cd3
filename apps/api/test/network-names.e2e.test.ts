import { images, sharedService } from '@podman-api/testing';
import { uniqueContainerName, uniqueNetworkName } from '@podman-api/testing/containers';
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
  it('are their own names and their aliases, by this API and by the Docker-compatible one', async () => {
    const { call, dockerUrl } = sharedService();
    const docker = connectDocker(dockerUrl);
    const [network, server, dockerServer, client] = [
      uniqueNetworkName(),
      uniqueContainerName(),
      uniqueContainerName(),
      uniqueContainerName(),
    ];
    await docker.createNetwork({ Name: network });
    // Without root, a container of podman's default network cannot be connected to another.
    const first = uniqueNetworkName();
    await docker.createNetwork({ Name: first });
    expect(await call('GET', `/networks/${network}`)).toMatchObject({ body: { network: { dns_enabled: true } } });

    expect((await call('POST', '/containers', { image: images.busybox, name: server, command: serve, network: first })).status).toBe(201);
    expect((await call('POST', `/networks/${network}/connect`, { container: server, aliases: ['db'] })).status).toBe(200);
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
    await run(dockerServer, serve, ['cache']);

    const reader = await run(client, ['sleep', '600'], []);
    const Cmd = read(server, 'db', dockerServer, 'cache');
    expect(await execIn(docker, reader, { Cmd })).toMatchObject({ exitCode: 0, stdout: 'hello\n'.repeat(4) });
  });
});
