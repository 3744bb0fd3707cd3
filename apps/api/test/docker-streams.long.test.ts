import { dockerUrlOf, images, type Service, startService, testPodman, until } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { childrenOf } from '@podman-api/testing/processes';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { connectDocker } from './docker/clients.ts';
import { createDockerCli } from './docker/docker-cli.ts';
import { growth, type MemoryUse, readMemory } from './docker/memory-growth.ts';
import { sendRaw } from './docker/raw-connection.ts';
import { startStreamClients } from './docker/stream-clients.ts';

let service: Service;
let url: string;
beforeAll(async () => {
  service = await startService({ DOCKER_LISTEN: 'tcp://127.0.0.1:0' });
  url = dockerUrlOf(service.api);
});
afterAll(() => service.stop());

const runningJobs = async () => (await service.call('GET', '/jobs?status=running')).field('jobs');
const hasNoJob = async () => JSON.stringify(await runningJobs()) === '[]';

/** Number of clients that read, and as many again do not. */
const readers = 50;

/** Checks that no part uses more memory than its bound, in MiB. */
function expectWithin(use: MemoryUse, bounds: MemoryUse): void {
  expect(use.api).toBeLessThan(bounds.api);
  expect(use.worker).toBeLessThan(bounds.worker);
  expect(use.redis).toBeLessThan(bounds.redis);
}

/** Counts the channels in which as much waits for the API as may. */
const countFullChannels = `
local count = 0
for _, key in ipairs(redis.call('KEYS', 'podman-api:channel:*')) do count = count + redis.call('HEXISTS', key, 'api_full') end
return count`;

/**
 * Returns the processes that the worker has started for jobs: not its listener to events, and not podman's service. A helper for files
 * ends a minute after its last request.
 */
const jobProcesses = () =>
  childrenOf(service.worker.process.pid).filter(({ argv }) => !argv.includes('events') && !argv.includes('service'));

describe('streams of the Docker-compatible API', () => {
  it('leave nothing when their clients are killed', async () => {
    const docker = createDockerCli(url);
    onTestFinished(docker.stop);
    const container = await startContainer(images.busybox, 'sh', '-c', 'while :; do echo line; sleep 0.2; done');
    const silent = await startContainer(images.busybox);
    const own = uniqueContainerName();
    const clients = [
      docker.start('logs', '--follow', container),
      docker.start('attach', container),
      docker.start('stats', '--format', '{{.Name}}', container),
      docker.start('exec', '--interactive', silent, 'sh', '-c', 'echo line; sleep 600'),
      docker.start('run', '--rm', '--interactive', '--name', own, images.busybox, 'sh', '-c', 'echo line; cat'),
    ];
    await Promise.all(clients.map(client => client.waitForOutput(client === clients[2] ? container : 'line')));
    await Promise.all(clients.map(client => client.end('SIGKILL')));
    await until(hasNoJob);
    // The container of `docker run --interactive` has read the end of its stdin.
    await until(async () => (await docker.run('ps', '--all', '--quiet', '--filter', `name=${own}`)).stdout === '');
    expect((await docker.run('top', silent)).stdout).not.toContain('echo line');
  });

  it('end if the client of a container that is never started has ended its connection', async () => {
    const docker = connectDocker(url);
    const { id } = await docker.createContainer({ Image: images.busybox, name: uniqueContainerName(), OpenStdin: true, Cmd: ['cat'] });
    const held = sendRaw(url, `POST /containers/${id}/attach?stream=1&stdin=1&stdout=1`, { isUpgrade: true });
    await until(() => held.received().includes('101 UPGRADED'));
    held.socket.end();
    await held.closed;
  });

  it('leave nothing when their connections are cut in the middle of each', async () => {
    const container = await startContainer(
      images.busybox,
      'sh',
      '-c',
      'head -c 50000000 /dev/zero > /large; while :; do echo line; sleep 0.2; done',
    );
    const stopped = (
      await connectDocker(url).createContainer({ Image: images.busybox, name: uniqueContainerName(), OpenStdin: true, Tty: true })
    ).id;
    const upgrade = ['Connection: Upgrade', 'Upgrade: tcp', 'Content-Length: 0'];
    const upload = ['Content-Type: application/x-tar', 'Content-Length: 1000000'];
    const exec = await connectDocker(url)
      .getContainer(container)
      .exec({ Cmd: ['cat'], AttachStdin: true, AttachStdout: true, Tty: true });
    const start = JSON.stringify({ Detach: false, Tty: true });
    await until(async () => (await connectDocker(url).getContainer(container).top()).Processes.length > 0);
    const clients = startStreamClients(url, [
      { line: `GET /containers/${container}/logs?follow=1&stdout=1` },
      { line: `GET /containers/${container}/stats` },
      { line: `GET /containers/${container}/archive?path=/large`, stopsReading: true },
      { line: `POST /containers/${container}/wait`, headers: ['Content-Length: 0'] },
      { line: `POST /containers/${container}/attach?stream=1&stdin=1&stdout=1`, headers: upgrade },
      { line: `POST /containers/${stopped}/attach?stream=1&stdin=1&stdout=1`, headers: upgrade },
      { line: 'GET /events' },
      {
        line: `POST /exec/${exec.id}/start`,
        headers: ['Connection: Upgrade', 'Upgrade: tcp', 'Content-Type: application/json', `Content-Length: ${start.length}`],
        body: start,
      },
      { line: `GET /images/${encodeURIComponent(images.debian)}/get`, stopsReading: true },
      // These get no response before their bodies are complete.
      { line: `PUT /containers/${container}/archive?path=/tmp`, headers: upload, body: 'x' },
      { line: 'POST /images/load', headers: upload, body: 'x' },
      { line: 'POST /build', headers: upload, body: 'x' },
    ]);
    const withoutResponse = 3;
    await until(() =>
      clients
        .received()
        .slice(0, -withoutResponse)
        .every(bytes => bytes > 0),
    );
    await clients.kill();
    await until(hasNoJob);
    await until(() => jobProcesses().length === 0);
    // They expire if neither end of a channel is alive.
    await until(async () => !(await service.redis.sendToAllMasters('KEYS', 'podman-api:channel-*')).includes('podman-api:'));
    expect((await service.call('GET', '/health')).status).toBe(200);
  });

  it('use bounded memory with 100 endless logs, half of which are not read', async () => {
    const before = await readMemory(service);
    // All of it in the memory of a part, for each client that does not read, would be 2 GB.
    const lines = `yes "$(head -c 1000 /dev/zero | tr '\\0' x)" | head -c 40000000; echo`;
    const container = await startContainer(
      images.busybox,
      'sh',
      '-c',
      `${lines}; line=$(head -c 1000 /dev/zero | tr '\\0' y); while :; do echo $line; sleep 0.05; done`,
    );
    const follow = `GET /containers/${container}/logs?follow=1&stdout=1`;
    // Until it has, readers would get what was written before too.
    await until(async () => JSON.stringify((await service.call('GET', `/containers/${container}/logs?tail=1`)).body).includes('yyy'));
    const clients = startStreamClients(url, [
      ...Array.from({ length: readers }, () => ({ line: `${follow}&tail=1` })),
      ...Array.from({ length: readers }, () => ({ line: `${follow}&tail=all`, stopsReading: true })),
    ]);
    const haveAll = (bytes: number) => until(() => clients.received().every((received, index) => received > (index < readers ? bytes : 0)));
    await haveAll(100_000);
    await until(async () => Number(await service.redis.sendCommand('EVAL', countFullChannels, '0')) === readers);
    const filled = growth(before, await readMemory(service));
    expectWithin(filled, { api: 400, worker: 600, redis: 120 });
    await haveAll(500_000);
    const later = growth(before, await readMemory(service));
    expectWithin(growth(filled, later), { api: 100, worker: 150, redis: 32 });
    await clients.kill();
    await until(hasNoJob);
  });

  it('use bounded memory with 100 listeners to events, half of which do not read', async () => {
    const before = await readMemory(service);
    const clients = startStreamClients(
      url,
      Array.from({ length: 2 * readers }, (_, index) => ({ line: 'GET /events', stopsReading: index >= readers })),
    );
    await until(() => clients.received().every(bytes => bytes > 0));
    const image = `localhost/${uniqueContainerName()}`;
    const podman = testPodman();
    await podman.run(['commit', '--quiet', '--', await startContainer(images.busybox), image]);
    onTestFinished(async () => void (await podman.run(['rmi', '--force', '--', image])));
    const names = Array.from({ length: 100 }, (_, index) => `${image}:${'x'.repeat(100)}${index}`);
    const round = async () => {
      await podman.run(['tag', image, ...names]);
      await podman.run(['untag', image, ...names]);
    };
    const haveAll = (bytes: number) =>
      until(async () => {
        await round();
        return clients.received().every((received, index) => received > (index < readers ? bytes : 0));
      });
    await haveAll(100_000);
    const filled = growth(before, await readMemory(service));
    expectWithin(filled, { api: 100, worker: 50, redis: 50 });
    // Kept in memory for the clients that do not read, it would be 195 MB.
    await haveAll(4_000_000);
    expectWithin(growth(filled, growth(before, await readMemory(service))), { api: 100, worker: 48, redis: 16 });
    await clients.kill();
    await until(async () => (await fetch(`${service.url}/api/v1/health`)).status === 200);
  });
});
