import { type ImageName, images, type SendRequest, testPodman } from '@podman-api/testing';
import { startContainer, uniqueContainerName, uniqueVolumeName } from '@podman-api/testing/containers';
import { expect, it } from 'vitest';
import { addFile, runInside } from './target.ts';

/** Registers the test of a stopped container, into which `podman cp` puts the file. */
export function testStoppedContainer(getCall: () => SendRequest, image: ImageName): void {
  it('puts a file with mode and owner into a stopped container', async () => {
    const call = getCall();
    const container = await startContainer(images[image], 'sh', '-c', 'trap "exit 0" TERM; while :; do sleep 0.1; done');
    await call('POST', `/containers/${container}/stop?timeout=0`);
    const body = { dest_path: '/opt/deep/down', content: 'was stopped', mode: '600', owner: '7:8' };
    expect((await addFile({ call, container }, body)).status).toBe(201);
    await call('POST', `/containers/${container}/start`);
    expect(await runInside({ call, container }, 'cat /opt/deep/down; stat -c "|%a %u:%g" /opt/deep/down')).toBe('was stopped|600 7:8\n');
  });
}

/** Registers all tests of containers that do not run. */
export function testStopped(getCall: () => SendRequest, image: ImageName): void {
  testStoppedContainer(getCall, image);

  it('puts a file into a volume of a container that never ran', async () => {
    const call = getCall();
    const container = uniqueContainerName();
    await testPodman().run(['create', `--name=${container}`, `--volume=${uniqueVolumeName()}:/data`, '--', images[image], 'sleep', '600']);
    const body = { dest_path: '/data/sub/file', content: 'in the volume', owner: 'root:root' };
    expect((await addFile({ call, container }, body)).status).toBe(201);
    await call('POST', `/containers/${container}/start`);
    expect(await runInside({ call, container }, 'cat /data/sub/file')).toBe('in the volume');
    expect(await addFile({ call, container }, { dest_path: '/data/sub', content: 'x' })).toMatchObject({ status: 400 });
  });

  it('refuses what podman replaces at the next start of a stopped container', async () => {
    const call = getCall();
    const container = uniqueContainerName();
    await testPodman().run(['create', `--name=${container}`, '--tmpfs=/cache', '--read-only', '--', images[image], 'sleep', '600']);
    for (const path of ['/etc/hosts', '/etc/resolv.conf', '/etc/hostname', '/dev/null', '/dev/new', '/cache/x', '/run/x']) {
      expect(await addFile({ call, container }, { dest_path: path, content: 'x' })).toMatchObject({
        status: 409,
        body: { error: { details: [{ path: 'dest_path' }], message: expect.stringContaining('start the container') } },
      });
    }
    expect(await addFile({ call, container }, { dest_path: '/sys/x', content: 'x' })).toMatchObject({ status: 400 });
  });

  it('keeps the mode of a file in a stopped container, and refuses anything but a regular file', async () => {
    const call = getCall();
    const container = await startContainer(images[image], 'sh', '-c', 'trap "exit 0" TERM; while :; do sleep 0.1; done');
    const add = (path: string) => addFile({ call, container }, { dest_path: path, content: 'new' });
    await runInside(
      { call, container },
      'mkdir -p /opt/d; cd /opt; echo >kept; chmod 2711 kept; mkfifo pipe; ln -s kept link; ln -s d dlink; ln -s /nowhere dangling; ln -s loop loop',
    );
    await call('POST', `/containers/${container}/stop?timeout=0`);
    // The last one would be a pattern for podman that matches a link.
    for (const path of ['/opt/kept', '/opt/dlink/file', '/opt/lin[k]']) expect((await add(path)).status).toBe(201);
    for (const path of ['/opt/pipe', '/opt/link', '/opt/d', '/opt/dangling/file', '/opt/loop/file', '/opt/kept/file']) {
      const response = await add(path);
      expect(response).toMatchObject({ status: 400, body: { error: { details: [{ path: 'dest_path' }] } } });
      expect(String(response.field('error.message')).length).toBeLessThan(200);
    }
    await call('POST', `/containers/${container}/start`);
    expect(
      await runInside(
        { call, container },
        'cd /opt; cat kept d/file "lin[k]"; stat -c "|%a %u:%g" kept; [ -p pipe ] && [ -L link ] && echo still',
      ),
    ).toBe('newnewnew|2711 0:0\nstill\n');
  });
}
