import { readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { testPodman } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MountStage, startMountStage } from './mounts/stage.ts';

let stage: MountStage;
beforeAll(async () => {
  stage = await startMountStage();
});
afterAll(() => stage.stop());

const forbidden = { status: 403, body: { error: { details: [{ message: expect.stringContaining('ALLOWED_MOUNTS') }] } } };
const listContainers = async (name: string) => testPodman().run(['ps', '--all', '--quiet', `--filter=name=${name}`]);
const stateOf = async (name: string) => (await testPodman().run(['inspect', '--format={{.State.Status}} {{.State.Pid}}', name])).trim();

describe('POST /containers', () => {
  it.each([
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
  ])('returns 403 for a mount of %s, and creates nothing', async path => {
    // Not joined, which would remove `..`.
    const answer = await stage.create(path.startsWith('/') ? path : `${stage.at('')}/${path}`);
    expect(answer).toMatchObject(forbidden);
    expect(await listContainers(answer.name)).toBe('');
  });

  it.each(['relative/path', './here', '../up', '~'])('returns 400 for a mount of %s, which is neither a path nor a volume', async path => {
    expect(await stage.create(path)).toMatchObject({ status: 400 });
  });

  it('returns 403 for a folder below the allowed one with a restart policy, for podman would mount it again unchecked', async () => {
    expect(await stage.create(stage.inside('sub'), { restart_policy: 'always' })).toMatchObject({
      status: 403,
      body: { error: { details: [{ path: 'restart_policy' }] } },
    });
  });

  it.each(['sub', 'to-sub'])('mounts %s for reading and writing', async path => {
    const { status, name } = await stage.create(stage.inside(path));
    expect(status).toBe(201);
    expect(await stage.readWhich(name)).toBe('right');
    await stage.exec(name, `echo written > /data/${path}`);
    expect(readFileSync(stage.inside(`sub/${path}`), 'utf8')).toBe('written\n');
  });

  it('mounts a folder for reading only', async () => {
    const { status, name } = await stage.create(stage.inside('sub'), {}, 'ro');
    expect(status).toBe(201);
    expect(await stage.readWhich(name)).toBe('right');
    expect((await stage.exec(name, 'echo x > /data/ro')).field('execution.success')).toBe(false);
  });

  it('mounts the allowed folder itself with any restart policy', async () => {
    const { status, name } = await stage.create(stage.inside(''), { restart_policy: 'on-failure:1' });
    expect(status).toBe(201);
    expect((await stage.exec(name, 'cat /data/sub/which')).field('execution.stdout')).toBe('right');
  });

  it('mounts a folder together with a user, an environment and a port', async () => {
    const options = { user: '1000', environment: { A: 'b' }, network: 'podman', ports: { '': 80 } };
    const answer = await stage.create(stage.inside('sub'), options);
    expect(answer.status).toBe(201);
    expect(answer.field('container.ports')).toHaveLength(1);
    expect((await stage.exec(answer.name, 'echo $A; id -u')).field('execution.stdout')).toBe('b\n1000\n');
  });

  it('leaves no container with a mount behind if the start fails', async () => {
    const answer = await stage.create(stage.inside('sub'), { command: ['no-such-command'] });
    expect(answer.status).toBe(400);
    expect(await listContainers(answer.name)).toBe('');
  });

  it('mounts the right folder or none while it is swapped', () => stage.mountWhileSwapped(5));
});

describe('POST /containers/:name/start', () => {
  // Steps: stop; replace the folder by a link to one outside; start and add a file; put the folder back; start twice.
  it('returns 403 if a mounted folder was replaced after the stop, and runs nothing', async () => {
    const { call } = stage.service;
    const { name } = await stage.create(stage.inside('later'));
    await call('POST', `/containers/${name}/stop?timeout=0`);
    renameSync(stage.inside('later'), stage.inside('later.real'));
    symlinkSync(stage.at('outside'), stage.inside('later'));
    expect(await call('POST', `/containers/${name}/start`)).toMatchObject(forbidden);
    // Stopped until podman's clean-up has run, then exited.
    expect(await stateOf(name)).toMatch(/^(stopped|exited) 0$/);
    expect(await call('POST', `/containers/${name}/files`, { dest_path: '/data/which', content: 'x' })).toMatchObject({ status: 403 });
    expect(readFileSync(stage.at('outside/which'), 'utf8')).toBe('wrong');

    rmSync(stage.inside('later'));
    renameSync(stage.inside('later.real'), stage.inside('later'));
    for (let time = 0; time < 2; time++) expect((await call('POST', `/containers/${name}/start`)).status).toBe(200);
    expect(await stage.readWhich(name)).toBe('right');
  });

  it('returns 200 to two requests at the same time', async () => {
    const { call } = stage.service;
    const { name } = await stage.create(stage.inside('sub'));
    await call('POST', `/containers/${name}/stop?timeout=0`);
    const answers = await Promise.all([1, 2].map(() => call('POST', `/containers/${name}/start`)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await stage.readWhich(name)).toBe('right');
  });
});
