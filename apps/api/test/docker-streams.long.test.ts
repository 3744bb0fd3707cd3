import { dockerUrlOf, images, type Service, startService, until } from '@podman-api/testing';
import { ownName, startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { connectDocker } from './docker/clients.ts';
import { createDockerCli } from './docker/docker-cli.ts';
import { sendRaw } from './docker/raw-connection.ts';

let service: Service;
let url: string;
beforeAll(async () => {
  service = await startService({ DOCKER_LISTEN: 'tcp://127.0.0.1:0' });
  url = dockerUrlOf(service.api);
});
afterAll(() => service.stop());

const runningJobs = async () => (await service.call('GET', '/jobs?status=running')).field('jobs');
const hasNoJob = async () => JSON.stringify(await runningJobs()) === '[]';

describe('streams of the Docker-compatible API', () => {
  it('leave nothing when their clients are killed', async () => {
    const docker = createDockerCli(url);
    onTestFinished(docker.stop);
    const container = await startContainer(images.busybox, 'sh', '-c', 'while :; do echo line; sleep 0.2; done');
    const silent = await startContainer(images.busybox);
    const own = ownName();
    const clients = [
      docker.start('logs', '--follow', container),
      docker.start('attach', container),
      docker.start('stats', '--format', '{{.Name}}', container),
      docker.start('exec', '--interactive', silent, 'sh', '-c', 'echo line; sleep 600'),
      docker.start('run', '--rm', '--interactive', '--name', own, images.busybox, 'sh', '-c', 'echo line; cat'),
    ];
    await Promise.all(clients.map(client => client.says(client === clients[2] ? container : 'line')));
    await Promise.all(clients.map(client => client.end('SIGKILL')));
    await until(hasNoJob);
    // The container of `docker run --interactive` has read the end of its stdin.
    await until(async () => (await docker.run('ps', '--all', '--quiet', '--filter', `name=${own}`)).stdout === '');
    expect((await docker.run('top', silent)).stdout).not.toContain('echo line');
  });

  it('end if the client of a container that is never started has ended its connection', async () => {
    const docker = connectDocker(url);
    const { id } = await docker.createContainer({ Image: images.busybox, name: ownName(), OpenStdin: true, Cmd: ['cat'] });
    const held = sendRaw(url, `POST /containers/${id}/attach?stream=1&stdin=1&stdout=1`, { isUpgrade: true });
    await until(() => held.received().includes('101 UPGRADED'));
    held.socket.end();
    await held.closed;
  });
});
