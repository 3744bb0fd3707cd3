import { images, type Service, startService } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine } from './command-line.ts';

let service: Service;
let podmanApi: ReturnType<typeof commandLine>;
let name: string;
beforeAll(async () => {
  service = await startService();
  podmanApi = commandLine(service.url);
  name = await startContainer(images.busybox);
});
afterAll(() => service.stop());

const begin = async (command: string) =>
  String((await service.call('POST', `/containers/${name}/exec`, { command }, { Prefer: 'respond-async' })).field('job_id'));

test('a job is followed and shown, and gives the exit code of its command', async () => {
  const id = await begin('echo out; echo err >&2; exit 9');
  expect(await podmanApi.run('jobs', 'follow', id)).toEqual({ code: 9, stdout: 'out\n', stderr: 'err\n' });
  expect(JSON.parse((await podmanApi.run('jobs', 'show', id)).stdout)).toMatchObject({ id, result: { exit_code: 9 } });
});

test('Ctrl-C ends the following, and the job goes on', async () => {
  const id = await begin('echo begun; until [ -e /go ]; do usleep 20000; done');
  const running = podmanApi.start('jobs', 'follow', id);
  await running.says('begun');
  running.process.kill('SIGINT');
  expect((await running.ran).code).toBe(130);
  expect(JSON.parse((await podmanApi.run('jobs', 'show', id)).stdout)).toMatchObject({ status: 'running' });
  await podmanApi.run('exec', name, 'touch', '/go');
  expect(await podmanApi.run('jobs', 'follow', id)).toMatchObject({ code: 0, stdout: 'begun\n' });
});

test('jobs are listed, the newest first, and filtered', async () => {
  const id = await begin('exit 1');
  await podmanApi.run('jobs', 'follow', id);
  const table = (await podmanApi.run('jobs', '--container', name, '--status', 'succeeded', '--limit', '1')).stdout;
  expect(table).toMatch(/^ID +OPERATION +CONTAINER +STATUS +CREATED +NODE\n/);
  expect(table).toMatch(new RegExp(`^${id} +container.exec +${name} +succeeded `, 'm'));
  expect(table.trimEnd().split('\n')).toHaveLength(2);
  expect(await podmanApi.run('jobs', '--status', 'asleep')).toMatchObject({ code: 240 });
  expect(await podmanApi.run('jobs', 'cancel', id)).toMatchObject({ code: 0, stdout: `${id} is succeeded\n` });
  expect(await podmanApi.run('jobs', 'show', 'x')).toMatchObject({ code: 241, stdout: '' });
});
