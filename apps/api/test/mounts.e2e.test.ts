import { mkdirSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images, type Service, startChild, startService, testPodman } from '@podman-api/testing';
import { ownName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** How often a folder is mounted while something swaps it; `MOUNT_TRIES=1000` makes the long run. */
const tries = Number(process.env['MOUNT_TRIES'] ?? 100);
/** Creates under way at once. */
const atOnce = 4;

let folder: string;
let service: Service;
let socket: Server;
const inside = (...path: string[]) => join(folder, 'allowed', ...path);

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'podman-api-mounts-')));
  for (const path of ['allowed/sub', 'allowed/swapped', 'allowed/later', 'outside']) mkdirSync(join(folder, path), { recursive: true });
  for (const path of ['allowed/sub', 'allowed/swapped', 'allowed/later']) writeFileSync(join(folder, path, 'which'), 'right');
  writeFileSync(join(folder, 'outside/which'), 'wrong');
  writeFileSync(inside('file'), '');
  symlinkSync('/etc', inside('to-etc'));
  symlinkSync('/', inside('to-root'));
  symlinkSync('sub', inside('to-sub'));
  socket = createServer().listen(inside('podman.sock'));
  service = await startService({ ALLOWED_MOUNTS: inside() });
});
afterAll(async () => {
  await service.stop();
  socket.close();
  rmSync(folder, { recursive: true });
});

const create = async (source: string, rest: object = {}, mode = 'rw') => {
  const name = ownName();
  const volumes = { [source]: { bind: '/data', mode } };
  const answer = await service.call('POST', '/containers', {
    image: images.busybox,
    name,
    command: ['sleep', '600'],
    network: 'none',
    volumes,
    ...rest,
  });
  return { ...answer, name };
};
const exec = async (name: string, command: string) => service.call('POST', `/containers/${name}/exec`, { command });
const which = async (name: string) => (await exec(name, 'cat /data/which')).field('execution.stdout');
const stateOf = async (name: string) => (await testPodman().run(['inspect', '--format={{.State.Status}} {{.State.Pid}}', name])).trim();
const refused = { status: 403, body: { error: { details: [{ message: expect.stringContaining('ALLOWED_MOUNTS') }] } } };

describe('refused', () => {
  test.each([
    '/',
    '/etc',
    '//etc',
    'allowed/to-etc',
    'allowed/to-etc/ssl',
    'allowed/to-root',
    'allowed/../outside',
    'allowed/sub/..',
    'outside',
    'allowed/file',
    'allowed/podman.sock',
    'none-such',
    'allowed/to-etc/none-such',
    'allowed/to-etc/none/such',
  ])('%s', async path => {
    const answer = await create(path.startsWith('/') ? path : join(folder, '/') + path);
    expect(answer).toMatchObject(refused);
    expect(await testPodman().run(['ps', '--all', '--quiet', `--filter=name=${answer.name}`])).toBe('');
  });

  test.each(['relative/path', './here', '../up', '~'])('%s is neither a path nor a name', async path => {
    expect(await create(path)).toMatchObject({ status: 400 });
  });

  test('a folder below an allowed one that podman would mount again by itself', async () => {
    expect(await create(inside('sub'), { restart_policy: 'always' })).toMatchObject({
      status: 403,
      body: { error: { details: [{ path: 'restart_policy' }] } },
    });
  });
});

describe('mounted', () => {
  test.each(['sub', 'to-sub'])('%s, to be read and written', async path => {
    const { status, name } = await create(inside(path));
    expect(status).toBe(201);
    expect(await which(name)).toBe('right');
    await exec(name, `echo written > /data/${path}`);
    expect(readFileSync(inside('sub', path), 'utf8')).toBe('written\n');
  });

  test('to be read alone', async () => {
    const { status, name } = await create(inside('sub'), {}, 'ro');
    expect(status).toBe(201);
    expect(await which(name)).toBe('right');
    expect((await exec(name, 'echo x > /data/ro')).field('execution.success')).toBe(false);
  });

  test('an allowed folder itself, with any restart policy', async () => {
    const { status, name } = await create(inside(), { restart_policy: 'on-failure:1' });
    expect(status).toBe(201);
    expect((await exec(name, 'cat /data/sub/which')).field('execution.stdout')).toBe('right');
  });

  test('with a user, an environment and a port podman chooses', async () => {
    const answer = await create(inside('sub'), { user: '1000', environment: { A: 'b' }, network: 'podman', ports: { '': 80 } });
    expect(answer.status).toBe(201);
    expect(answer.field('container.ports')).toHaveLength(1);
    expect((await exec(answer.name, 'echo $A; id -u')).field('execution.stdout')).toBe('b\n1000\n');
  });

  test('a start that fails leaves nothing', async () => {
    const answer = await create(inside('sub'), { command: ['no-such-command'] });
    expect(answer.status).toBe(400);
    expect(await testPodman().run(['ps', '--all', '--quiet', `--filter=name=${answer.name}`])).toBe('');
  });
});

test('a folder that is swapped while it is mounted is the right one or none', { timeout: 60_000 + tries * 3000 }, async () => {
  const swap = `
    const { renameSync, symlinkSync } = require('node:fs');
    const [path, outside] = process.argv.slice(1);
    const rest = () => new Promise(resolve => setTimeout(resolve, Math.random() * 100));
    symlinkSync(outside, path + '.link');
    console.log('swapping');
    (async () => {
      for (;;) {
        renameSync(path, path + '.real'), renameSync(path + '.link', path);
        await rest();
        renameSync(path, path + '.link'), renameSync(path + '.real', path);
        await rest();
      }
    })();`;
  const child = startChild(process.execPath, ['--eval', swap, inside('swapped'), join(folder, 'outside')]);
  await child.says('swapping');
  const seen: Record<string, number> = {};
  let left = tries;
  const one = async () => {
    while (left-- > 0) {
      const { status, name } = await create(inside('swapped'));
      const told = status === 201 ? `201 ${await which(name)}` : String(status);
      seen[told] = (seen[told] ?? 0) + 1;
      if (status === 201) await service.call('DELETE', `/containers/${name}?force=true`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  await child.end('SIGKILL');
  console.log(`${tries} creates while a folder is swapped: ${JSON.stringify(seen)}`);
  expect(Object.keys(seen).filter(told => !['201 right', '400', '403'].includes(told))).toEqual([]);
});

test('a folder that is swapped between stop and start is refused, and nothing of the container runs', async () => {
  const { name } = await create(inside('later'));
  await service.call('POST', `/containers/${name}/stop?timeout=0`);
  renameSync(inside('later'), inside('later.real'));
  symlinkSync(join(folder, 'outside'), inside('later'));
  expect(await service.call('POST', `/containers/${name}/start`)).toMatchObject(refused);
  expect(await stateOf(name)).toBe('exited 0');
  expect(await service.call('POST', `/containers/${name}/files`, { dest_path: '/data/which', content: 'x' })).toMatchObject({
    status: 403,
  });
  expect(readFileSync(join(folder, 'outside/which'), 'utf8')).toBe('wrong');

  rmSync(inside('later'));
  renameSync(inside('later.real'), inside('later'));
  for (let time = 0; time < 2; time++) expect((await service.call('POST', `/containers/${name}/start`)).status).toBe(200);
  expect(await which(name)).toBe('right');
});

test('two starts at once both succeed', async () => {
  const { name } = await create(inside('sub'));
  await service.call('POST', `/containers/${name}/stop?timeout=0`);
  const answers = await Promise.all([1, 2].map(() => service.call('POST', `/containers/${name}/start`)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(await which(name)).toBe('right');
});
