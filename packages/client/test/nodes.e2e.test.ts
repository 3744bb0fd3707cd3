import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { images, sharedService } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Node } from '../src/index.ts';
import { createCommandLine } from './command-line.ts';
import { createInProcessRunner } from './in-process.ts';

describe('nodes, with an API that has one node', () => {
  const node: Node = {
    name: 'one',
    status: 'draining',
    podman: 'connected',
    podman_version: '4.3.1',
    labels: { disk: 'fast', zone: 'a' },
    arch: 'x64',
    cpus: 2,
    memory: 1,
    workers: 2,
    max_workers: 20,
    running: 3,
    queued: 4,
    containers: null,
    last_seen: '2026-11-24T04:00:00.000Z',
  };
  let server: Server;
  let run: ReturnType<typeof createInProcessRunner>;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const status = request.url?.endsWith('/drain') ? 'draining' : 'ready';
      const body = request.method === 'GET' ? { nodes: [node] } : { node: { ...node, status } };
      response.end(JSON.stringify({ success: request.url?.startsWith('/api/v1/nodes'), ...body }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    run = createInProcessRunner(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  });
  afterAll(() => {
    server.close();
  });

  it('prints a table', async () => {
    expect((await run('nodes')).stdout).toBe(
      'NAME  STATUS    WORKERS  RUNNING  QUEUED  CONTAINERS  LABELS\none   draining  2        3        4       ?           disk=fast,zone=a\n',
    );
  });

  it('prints JSON with --format json', async () => {
    expect(JSON.parse((await run('nodes', '--format', 'json')).stdout)).toEqual([node]);
  });

  it('drain and resume print the new status', async () => {
    expect(await run('nodes', 'drain', 'one')).toEqual({ code: 0, stdout: 'one is draining\n', stderr: '' });
    expect(await run('nodes', 'resume', 'one')).toEqual({ code: 0, stdout: 'one is ready\n', stderr: '' });
  });

  it('refuses an unknown action', async () => {
    expect(await run('nodes', 'kick', 'one')).toMatchObject({ code: 240 });
  });
});

describe('nodes, with a real node', () => {
  const name = sharedService().env['NODE_NAME'] ?? '';
  const run = createInProcessRunner(sharedService().url);
  const runContainer = (...flags: string[]) =>
    run('run', '--rm', '--network', 'none', '--name', uniqueContainerName(), ...flags, images.busybox, 'true');

  it('lists it with its labels', async () => {
    expect((await run('nodes')).stdout).toMatch(new RegExp(`^${name} +ready +1 .* disk=fast`, 'm'));
  });

  it('exits with 241 if there is no such node', async () => {
    expect(await run('nodes', 'drain', 'nowhere')).toMatchObject({ code: 241, stdout: '' });
    expect(await runContainer('--node', 'nowhere')).toMatchObject({ code: 241 });
  });

  it('runs containers on the node that --node and --selector choose', async () => {
    expect(await runContainer('--node', name, '--selector', 'disk=fast')).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

describe('run --rm', () => {
  // `npm run test:all` tries --ttl; container-lifetime.test.ts tests the renewals.
  it('gives its container a time to live without --ttl', async () => {
    const name = uniqueContainerName();
    const script = ['sh', '-c', 'echo started; sleep 600'];
    const running = createCommandLine(sharedService().url).start(
      'run',
      '--rm',
      '--network',
      'none',
      '--name',
      name,
      images.busybox,
      ...script,
    );
    await running.waitForOutput('started');
    const end = Date.parse(String((await sharedService().call('GET', `/containers/${name}`)).field('container.expires_at')));
    expect(end).toBeGreaterThan(Date.now());
    running.process.kill('SIGINT');
    expect((await running.result).code).toBe(130);
  });
});
