import { existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { testPodman, until } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MountStage, startMountStage } from './mounts/stage.ts';

let stage: MountStage;
beforeAll(async () => {
  stage = await startMountStage();
});
afterAll(() => stage.stop());

const forbidden = { status: 403, body: { error: { details: [{ message: expect.stringContaining('ALLOWED_MOUNTS') }] } } };
const stateOf = async (name: string) => (await testPodman().run(['inspect', '--format={{.State.Status}} {{.State.Pid}}', name])).trim();

describe('POST /containers', () => {
  it('returns 403 for a mount of anything outside of the allowed directory, also by links, and creates nothing', async () => {
    const paths = [
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
    ];
    // Not joined, which would remove `..`.
    const responses = await Promise.all(paths.map(path => stage.create(path.startsWith('/') ? path : `${stage.pathOf('')}/${path}`)));
    for (const [index, response] of responses.entries()) expect(response, paths[index]).toMatchObject(forbidden);
    const listed = await testPodman().run(['ps', '--all', '--format={{.Names}}']);
    expect(responses.filter(({ name }) => listed.includes(name))).toEqual([]);
  });

  it.each(['relative/path', './here', '../up', '~'])('returns 400 for a mount of %s, which is neither a path nor a volume', async path => {
    expect(await stage.create(path)).toMatchObject({ status: 400 });
  });

  it('returns 403 for a directory below the allowed one with a restart policy, because podman would mount it again unchecked', async () => {
    expect(await stage.create(stage.allowedPath('sub'), { restart_policy: 'always' })).toMatchObject({
      status: 403,
      body: { error: { details: [{ path: 'restart_policy' }] } },
    });
  });

  it('mounts directories, also by a link, for reading and writing or for reading only, with a user, an environment and a port', async () => {
    const volumes = {
      [stage.allowedPath('sub')]: { bind: '/data', mode: 'rw' },
      [stage.allowedPath('to-sub')]: { bind: '/by-link', mode: 'rw' },
      [stage.allowedPath('later')]: { bind: '/read-only', mode: 'ro' },
    };
    const options = { volumes, user: '1000', environment: { A: 'b' }, network: 'podman', ports: { '': 80 } };
    const { status, name, field } = await stage.create('', options);
    expect(status).toBe(201);
    expect(field('container.ports')).toHaveLength(1);
    const seen = await stage.exec(name, 'echo $A; id -u; cat /data/which /by-link/which /read-only/which');
    expect(seen.field('execution.stdout')).toBe('b\n1000\nrightrightright');
    const runAsRoot = (command: string) => stage.service.call('POST', `/containers/${name}/exec`, { command, user: 'root' });
    await runAsRoot('for folder in data by-link; do echo written >/$folder/by-$folder; done');
    for (const file of ['by-data', 'by-by-link']) expect(readFileSync(stage.allowedPath(`sub/${file}`), 'utf8')).toBe('written\n');
    expect((await runAsRoot('echo x >/read-only/x')).field('execution.success')).toBe(false);
  });

  it('mounts the allowed directory itself with any restart policy', async () => {
    const { status, name } = await stage.create(stage.allowedPath(''), { restart_policy: 'on-failure:1' });
    expect(status).toBe(201);
    expect((await stage.exec(name, 'cat /data/sub/which')).field('execution.stdout')).toBe('right');
  });

  it('leaves no container with a mount behind if the start fails', async () => {
    const response = await stage.create(stage.allowedPath('sub'), { command: ['no-such-command'] });
    expect(response.status).toBe(400);
    expect((await stage.service.call('GET', `/containers/${response.name}`)).status).toBe(404);
  });

  it('mounts the right directory or none while it is swapped', () => stage.mountWhileSwapped(5));
});

describe('POST /containers/:name/start', () => {
  // Steps: stop; replace the folder by a link to one outside; start and add a file; put the folder back; start twice at the same time, and again.
  it('returns 403 if a mounted directory was replaced after the stop, and 200 to all requests once it is back', async () => {
    const { call } = stage.service;
    const { name } = await stage.create(stage.allowedPath('later'));
    await call('POST', `/containers/${name}/stop?timeout=0`);
    renameSync(stage.allowedPath('later'), stage.allowedPath('later.real'));
    symlinkSync(stage.pathOf('outside'), stage.allowedPath('later'));
    expect(await call('POST', `/containers/${name}/start`)).toMatchObject(forbidden);
    // Stopped until podman's clean-up has run, then exited. It is created if podman has undone the set-up; inspect then shows an old process.
    const [, status = '', pid = ''] = /^(\w+) (\d+)$/.exec(await stateOf(name)) ?? [];
    expect(['stopped', 'exited', 'created']).toContain(status);
    await until(() => pid === '0' || !existsSync(`/proc/${pid}`));
    expect(await call('POST', `/containers/${name}/files`, { dest_path: '/data/which', content: 'x' })).toMatchObject({ status: 403 });
    expect(readFileSync(stage.pathOf('outside/which'), 'utf8')).toBe('wrong');

    rmSync(stage.allowedPath('later'));
    renameSync(stage.allowedPath('later.real'), stage.allowedPath('later'));
    const responses = await Promise.all([1, 2].map(() => call('POST', `/containers/${name}/start`)));
    expect(responses.map(({ status }) => status)).toEqual([200, 200]);
    expect((await call('POST', `/containers/${name}/start`)).status).toBe(200);
    expect(await stage.readWhich(name)).toBe('right');
  });
});
