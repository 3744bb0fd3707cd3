import { callAllNodes, type ImageName, images, sharedService } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';

/** Defines a test of the routes of a container for each image. */
export function describeContainerRoutes(...kinds: readonly ImageName[]): void {
  describe.each(kinds)('the routes of a container of the image %s', kind => {
    // Health; create, list; add a user and a file, exec, logs; stop and start, each twice; remove.
    it('respond as docs/openapi.json says, from create to remove', async () => {
      const { call } = sharedService();
      const name = uniqueContainerName();
      const path = `/containers/${name}`;
      const exec = async (command: unknown, rest: object = {}) =>
        (await call('POST', `${path}/exec`, { command, ...rest })).field('execution');
      const list = async () => (await callAllNodes(call, 'GET', '/containers')).field('containers');

      // A busy machine is degraded, no worse.
      const status = expect.stringMatching(/^(healthy|degraded)$/);
      expect((await call('GET', '/health')).body).toMatchObject({ success: true, status, podman: 'connected' });

      const created = await call('POST', '/containers', { image: images[kind], name, command: 'sleep 300' });
      expect(created).toMatchObject({ status: 201, body: { success: true, container: { name, status: 'running' } } });
      expect(created.field('container.id')).toMatch(/^[0-9a-f]{12}$/);
      expect(created.field('timestamp')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      expect(created.headers.get('Location')).toBe(`/api/v1${path}`);
      expect(await list()).toContainEqual(expect.objectContaining({ name, status: 'running' }));

      const added = await call('POST', `${path}/users`, { username: 'testuser', password: 'testpass', shell: '/bin/sh' });
      expect(added).toMatchObject({ status: 201, body: { user: { username: 'testuser', created: true } } });
      expect(await exec('grep testuser /etc/passwd')).toMatchObject({ exit_code: 0, success: true });
      expect(await exec('ls -ld /home/testuser')).toMatchObject({ stdout: expect.stringContaining('testuser') });

      const content = 'first line\n\n  third line: "quotes", $HOME, ünï\nlast line without end';
      const file = await call('POST', `${path}/files`, { dest_path: '/opt/new/folder/file.txt', content });
      expect(file).toMatchObject({
        status: 201,
        body: { file: { dest_path: '/opt/new/folder/file.txt', size: Buffer.byteLength(content) } },
      });
      expect(await exec('cat /opt/new/folder/file.txt')).toMatchObject({ exit_code: 0, output: content, truncated: false });

      expect(await exec('whoami', { user: 'testuser' })).toMatchObject({ stdout: 'testuser\n', output: 'testuser\n', stderr: '' });
      expect((await call('GET', `${path}/logs`)).body).toMatchObject({ container: { name, logs: '' } });

      expect((await call('POST', `${path}/stop?timeout=0`)).body).toMatchObject({ container: { name, status: 'stopped' } });
      expect(await call('POST', `${path}/stop`)).toMatchObject({ status: 200 });
      expect(await list()).toContainEqual(expect.objectContaining({ name, status: expect.stringMatching(/^(exited|stopped)$/) }));
      expect((await call('POST', `${path}/start`)).body).toMatchObject({ container: { name, status: 'started' } });
      expect(await call('POST', `${path}/start`)).toMatchObject({ status: 200 });

      expect((await call('DELETE', `${path}?force=true`)).body).toMatchObject({ container: { name, removed: true } });
      expect(await list()).not.toContainEqual(expect.objectContaining({ name }));
      expect((await call('GET', path)).status).toBe(404);
      expect((await call('GET', '/metrics')).field('uptime_seconds')).toBeGreaterThanOrEqual(0);
    });
  });
}
