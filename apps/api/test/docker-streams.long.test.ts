import { once } from 'node:events';
import { get } from 'node:http';
import { connect } from 'node:net';
import { dockerUrlOf, images, type Service, startService, until } from '@podman-api/testing';
import { ownName, startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { connectDocker } from './docker/clients.ts';
import { createDockerCli } from './docker/docker-cli.ts';
import { residentMebibytes } from './transfers/measure.ts';

let service: Service;
let url: string;
beforeAll(async () => {
  service = await startService({ DOCKER_LISTEN: 'tcp://127.0.0.1:0' });
  url = dockerUrlOf(service.api);
});
afterAll(() => service.stop());

/** Reads responses to their end, and counts their bytes. */
function readAll(paths: readonly string[]): { readonly bytes: () => readonly number[]; readonly stop: () => void } {
  const counts = paths.map(() => 0);
  const requests = paths.map((path, index) => {
    const request = get(`${url}${path}`, response => {
      response.on('data', (chunk: Buffer) => {
        counts[index] = (counts[index] ?? 0) + chunk.length;
      });
      response.on('error', () => {});
    });
    return request.on('error', () => {});
  });
  return { bytes: () => counts, stop: () => requests.forEach(request => request.destroy()) };
}

const runningJobs = async () => (await service.call('GET', '/jobs?status=running')).field('jobs');
const hasNoJob = async () => JSON.stringify(await runningJobs()) === '[]';

describe('streams of the Docker-compatible API', () => {
  it('take no more memory the longer 100 logs and 100 streams of events are followed', async () => {
    const container = await startContainer(images.busybox, 'while :; do seq 200; sleep 0.1; done');
    const paths = [`/containers/${container}/logs?follow=1&stdout=1&stderr=1`, '/events'];
    const streams = readAll(paths.flatMap(path => Array.from({ length: 100 }, () => path)));
    onTestFinished(streams.stop);
    const received = (bytes: number) => until(() => streams.bytes().slice(0, 100).every(count => count >= bytes));
    const pids = [service.api.process.pid, service.worker.process.pid].filter(pid => pid !== undefined);
    await received(400_000);
    const before = pids.map(pid => residentMebibytes(pid));
    await received(1_200_000);
    const growth = pids.map((pid, index) => residentMebibytes(pid) - (before[index] ?? 0));
    expect(Math.max(...growth)).toBeLessThan(64);
    streams.stop();
    await until(hasNoJob);
  });

  it('leave nothing when their clients are killed', async () => {
    const docker = createDockerCli(url);
    onTestFinished(docker.stop);
    const container = await startContainer(images.busybox, 'while :; do echo line; sleep 0.2; done');
    const silent = await startContainer(images.busybox, 'sleep 600');
    const own = ownName();
    const clients = [
      docker.start('logs', '--follow', container),
      docker.start('attach', container),
      docker.start('stats', container),
      docker.start('exec', '--interactive', silent, 'sh', '-c', 'echo line; sleep 600'),
      docker.start('run', '--rm', '--interactive', '--name', own, images.busybox, 'sh', '-c', 'echo line; cat'),
    ];
    await Promise.all(clients.map(client => client.says(client === clients[2] ? container.slice(0, 5) : 'line')));
    await Promise.all(clients.map(client => client.end('SIGKILL')));
    await until(hasNoJob);
    // The container of `docker run --interactive` has read the end of its stdin.
    await until(async () => (await docker.run('ps', '--all', '--quiet', '--filter', `name=${own}`)).stdout === '');
    expect((await docker.run('top', silent)).stdout).not.toContain('echo line');
  });

  it('end if the client of a container that is never started has ended its connection', async () => {
    const docker = connectDocker(url);
    const { id } = await docker.createContainer({ Image: images.busybox, name: ownName(), OpenStdin: true, Cmd: ['cat'] });
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    socket.write(`POST /containers/${id}/attach?stream=1&stdin=1&stdout=1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n`);
    const [head] = await once(socket, 'data');
    expect(String(head)).toContain('101 UPGRADED');
    socket.end();
    socket.resume();
    await once(socket, 'end');
  });
});
