import { images, type Service, startApi, startService, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { commandLine } from './command-line.ts';
import { type CuttingProxy, startCuttingProxy } from './cutting-proxy.ts';

let service: Service;
let name: string;
let proxy: CuttingProxy;
beforeAll(async () => {
  service = await startService();
  name = await startContainer(images.busybox);
});
afterEach(() => proxy?.stop());
afterAll(() => service.stop());

const count = async () =>
  (await service.call('POST', `/containers/${name}/exec`, { command: 'wc -l </count; rm /count' })).field('execution.stdout');
const lines = (length: number) => Array.from({ length }, (_, index) => `line ${index + 1}\n`).join('');

test('a connection that is cut before the answer: the command runs once', async () => {
  proxy = await startCuttingProxy(service.url, { answers: 2 });
  const ran = await commandLine(proxy.url).run('exec', name, 'sh', '-c', 'echo x >>/count; echo done; exit 3');
  expect(ran).toEqual({ code: 3, stdout: 'done\n', stderr: '' });
  expect(proxy.cuts).toBe(2);
  expect(await count()).toBe('1\n');
});

test('a stream that is cut again and again: every line comes once', async () => {
  proxy = await startCuttingProxy(service.url, { answers: 0, bytes: 700 });
  const ran = await commandLine(proxy.url).run('exec', name, 'sh', '-c', 'for i in $(seq 60); do echo "line $i"; usleep 20000; done');
  expect(ran).toEqual({ code: 0, stdout: lines(60), stderr: '' });
  expect(proxy.cuts).toBeGreaterThan(2);
});

test('what was written before anybody read it comes through cuts, too', async () => {
  const command = 'for i in $(seq 60); do echo "line $i"; usleep 20000; done';
  const { field } = await service.call('POST', `/containers/${name}/exec`, { command });
  proxy = await startCuttingProxy(service.url, { answers: 0, bytes: 700 });
  expect(await commandLine(proxy.url).run('jobs', 'follow', String(field('job_id')))).toEqual({ code: 0, stdout: lines(60), stderr: '' });
  expect(proxy.cuts).toBeGreaterThan(2);
});

test('an API process that dies half-way: the command runs once, and is followed at the next one', async () => {
  const first = await startApi(service.env);
  const running = commandLine(first.url).start(
    'exec',
    name,
    'sh',
    '-c',
    'echo x >>/count; echo first; until [ -e /go ]; do usleep 20000; done; echo second; exit 4',
  );
  await running.says('first\n');
  await first.api.end('SIGKILL');
  await service.call('POST', `/containers/${name}/files`, { dest_path: '/go', content: '' });
  const second = await startApi({ ...service.env, PORT: new URL(first.url).port });
  expect(await running.ran).toEqual({ code: 4, stdout: 'first\nsecond\n', stderr: '' });
  expect(await count()).toBe('1\n');
  await second.api.end();
});

test('an API that can take nothing now is asked again when it said', async () => {
  const { redis } = service;
  await redis.kill();
  const running = commandLine(service.url, { PODMAN_API_PATIENCE: '60' }).start('exec', name, 'echo', 'after all');
  await until(async () => (await service.call('GET', '/health')).status === 503);
  await redis.restart();
  expect(await running.ran).toEqual({ code: 0, stdout: 'after all\n', stderr: '' });
});
