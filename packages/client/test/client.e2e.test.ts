import { ApiError, createClient } from '@podman-api/client';
import { images, type Service, startApp, startService, testPodman } from '@podman-api/testing';
import { ownName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processesOf } from './processes.ts';

let service: Service;
let client: ReturnType<typeof createClient>;
beforeAll(async () => {
  service = await startService({ REQUEST_TIMEOUT: '1' });
  client = createClient({ url: service.url }, {});
});
afterAll(() => service.stop());

test("a container's life", async () => {
  const name = ownName();
  const { containers } = client;
  const made = await containers.create({ image: images.busybox, name, command: ['sleep', '600'], environment: { KEY: 'value' } });
  expect(made).toMatchObject({ name, status: 'running' });
  expect((await containers.list()).containers.map(container => container.name)).toContain(name);
  expect(await containers.inspect(name)).toMatchObject({ id: made.id, status: 'running' });
  expect(await containers.addFile(name, { dest_path: '/x', content: 'ü' })).toEqual({ dest_path: '/x', size: 2 });
  expect(await containers.addUser(name, { username: 'me' })).toEqual({ username: 'me', created: true });
  expect(await containers.exec(name, { command: 'cat /x; exit 3' })).toMatchObject({ exit_code: 3, stdout: 'ü' });
  expect(await containers.stop(name, { timeout: 0 })).toEqual({ name, status: 'stopped' });
  expect(await containers.start(name)).toEqual({ name, status: 'started' });
  expect(await containers.logs(name)).toMatchObject({ name, logs: '' });
  expect(await containers.remove(name, { force: true })).toEqual({ name, removed: true });
  await expect(containers.inspect(name)).rejects.toMatchObject({ type: 'NotFoundError', status: 404 });
});

test('calls that take longer than a request are waited for, and an abort ends the command', async () => {
  const name = ownName();
  await client.containers.create({ image: images.busybox, name, command: 'sleep 600' });
  expect(await client.containers.exec(name, { command: 'sleep 2; echo done' })).toMatchObject({ stdout: 'done\n' });

  const leaving = new AbortController();
  const running = client.containers.exec(name, { command: 'exec sleep 98020' }, { signal: leaving.signal });
  while (processesOf('sleep 98020').length === 0) await client.jobs.list();
  leaving.abort();
  await expect(running).rejects.toThrow('aborted');
  expect(processesOf('sleep 98020')).toEqual([]);
});

test('output is an async iterator, and one that is left early ends nothing', async () => {
  const name = ownName();
  await client.containers.create({ image: images.busybox, name, command: 'sleep 600' });
  const job = await client.containers.beginExec(name, {
    command: 'echo one; echo two >&2; until [ -e /go ]; do usleep 20000; done; exit 5',
  });
  let first: unknown;
  for await (const event of client.jobs.output(job.id)) {
    first = event;
    break;
  }
  expect(first).toEqual({ id: 1, event: 'stdout', text: 'one\n' });
  await client.containers.addFile(name, { dest_path: '/go', content: '' });
  expect(await Array.fromAsync(client.jobs.output(job.id, { after: 1 }))).toEqual([
    { id: 2, event: 'stderr', text: 'two\n' },
    { id: 3, event: 'exit', status: 'succeeded', exit_code: 5, truncated: false },
  ]);
  expect(await client.jobs.result(job)).toMatchObject({ exit_code: 5 });
});

test('the same key is the same call, and a create without a worker waits for one', async () => {
  const name = ownName();
  const body = { image: images.bare, name, command: ['sleep', '600'] };
  const made = await Promise.all([1, 2, 3].map(() => client.containers.create(body, { idempotencyKey: name })));
  expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  await expect(client.containers.create({ ...body, command: [] }, { idempotencyKey: name })).rejects.toBeInstanceOf(ApiError);

  await service.worker.end('SIGKILL');
  const waiting = createClient({ url: service.url, patience: 60 }, {}).containers.stop(name, { timeout: 0 });
  const worker = startApp('worker', service.env);
  expect(await waiting).toMatchObject({ status: 'stopped' });
  expect((await testPodman().run(['inspect', '--format={{.State.Status}}', '--', name])).trim()).toBe('exited');
  await worker.end();
});
