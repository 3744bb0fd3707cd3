import { once } from 'node:events';
import { createServer } from 'node:http';
import { images, startService } from '@podman-api/testing';
import { ownName } from '@podman-api/testing/containers';
import { describe, expect, test } from 'vitest';
import type { Node } from '../src/index.ts';
import { commandLine } from './command-line.ts';
import { freePort } from './free-port.ts';

test('nodes are a table', async () => {
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
  const port = await freePort();
  const server = createServer((asked, answer) => {
    const body = asked.method === 'GET' ? { nodes: [node] } : { node: { ...node, status: 'ready' } };
    answer.end(JSON.stringify({ success: asked.url?.startsWith('/api/v1/nodes'), ...body }));
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const podmanApi = commandLine(`http://127.0.0.1:${port}`);
  expect((await podmanApi.run('nodes')).stdout).toBe(
    'NAME  STATUS    WORKERS  RUNNING  QUEUED  CONTAINERS  LABELS\none   draining  2        3        4       ?           disk=fast,zone=a\n',
  );
  expect(JSON.parse((await podmanApi.run('nodes', '--json')).stdout)).toEqual([node]);
  expect(await podmanApi.run('nodes', 'resume', 'one')).toEqual({ code: 0, stdout: 'one is ready\n', stderr: '' });
  expect(await podmanApi.run('nodes', 'kick', 'one')).toMatchObject({ code: 240 });
  server.close();
});

describe('of a real fleet', () => {
  test('are listed, drained and resumed', async () => {
    const service = await startService({ NODE_LABELS: 'disk=fast' });
    const podmanApi = commandLine(service.url);
    const name = service.env['NODE_NAME'] ?? '';
    expect((await podmanApi.run('nodes')).stdout).toMatch(new RegExp(`^${name} +ready +1 .* disk=fast$`, 'm'));
    expect(await podmanApi.run('nodes', 'drain', name)).toEqual({ code: 0, stdout: `${name} is draining\n`, stderr: '' });
    expect(await podmanApi.run('nodes', 'resume', name)).toEqual({ code: 0, stdout: `${name} is ready\n`, stderr: '' });
    expect(await podmanApi.run('nodes', 'drain', 'nowhere')).toMatchObject({ code: 241, stdout: '' });

    const run = (...flags: string[]) => podmanApi.run('run', '--rm', '--name', ownName(), ...flags, images.busybox, 'true');
    expect(await run('--node', name, '--selector', 'disk=fast')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await run('--node', 'nowhere')).toMatchObject({ code: 241 });
    await service.stop();
  });
});

describe('a container with an end', () => {
  test.each([
    ['given', ['--ttl', '60']],
    ['leased', []],
  ])('%s', async (_what, flags) => {
    const service = await startService();
    const name = ownName();
    const running = commandLine(service.url).start(
      'run',
      '--rm',
      ...flags,
      '--name',
      name,
      images.busybox,
      'sh',
      '-c',
      'echo begun; sleep 600',
    );
    await running.says('begun');
    const end = Date.parse(String((await service.call('GET', `/containers/${name}`)).field('container.expires_at')));
    expect(end).toBeGreaterThan(Date.now());
    running.process.kill('SIGINT');
    expect((await running.ran).code).toBe(130);
    await service.stop();
  });
});
