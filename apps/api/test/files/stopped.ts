import { type Call, type ImageName, images, testPodman } from '@podman-api/testing';
import { ownName, ownVolume, startContainer } from '@podman-api/testing/containers';
import { expect, it } from 'vitest';
import { addFile, runInside } from './target.ts';

/** Registers the tests of containers that do not run, into which `podman cp` puts the file. */
export function testStopped(getCall: () => Call, image: ImageName): void {
  it('puts a file with mode and owner into a stopped container', async () => {
    const call = getCall();
    const container = await startContainer(images[image], 'sh', '-c', 'trap "exit 0" TERM; while :; do sleep 0.1; done');
    await call('POST', `/containers/${container}/stop?timeout=0`);
    const body = { dest_path: '/opt/deep/down', content: 'was stopped', mode: '600', owner: '7:8' };
    expect((await addFile({ call, container }, body)).status).toBe(201);
    await call('POST', `/containers/${container}/start`);
    expect(await runInside({ call, container }, 'cat /opt/deep/down; stat -c "|%a %u:%g" /opt/deep/down')).toBe('was stopped|600 7:8\n');
  });

  it('puts a file into a volume of a container that never ran', async () => {
    const call = getCall();
    const container = ownName();
    await testPodman().run(['create', `--name=${container}`, `--volume=${ownVolume()}:/data`, '--', images[image], 'sleep', '600']);
    const body = { dest_path: '/data/sub/file', content: 'in the volume', owner: 'root:root' };
    expect((await addFile({ call, container }, body)).status).toBe(201);
    await call('POST', `/containers/${container}/start`);
    expect(await runInside({ call, container }, 'cat /data/sub/file')).toBe('in the volume');
    expect(await addFile({ call, container }, { dest_path: '/data/sub', content: 'x' })).toMatchObject({ status: 400 });
  });
}
