import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { images, testPodman, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { prepareStorage } from '@podman-api/testing/storage';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createPodman, type FileSource } from '../../src/index.ts';
import { createTree, cut, signal } from './helper-requests.ts';

/**
 * Returns an environment in which a helper runs a script instead of answering. Its first write is not replaced: it confirms the helper's
 * name.
 */
function replaceAnswer(script: string): Readonly<Record<string, string>> {
  const preload = `
    const fs = process.getBuiltinModule('fs');
    const write = fs.writevSync;
    let writes = 0;
    fs.writevSync = (...args) => {
      writes += 1;
      if (writes > 1) { ${script} }
      return write(...args);
    };
    process.getBuiltinModule('module').syncBuiltinESMExports();`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}` };
}

describe('a helper that dies before it answers', () => {
  /** Creates a container that does not run, with the folder `/data`, in which there is a file `one`. @param script see `replaceAnswer` */
  async function createContainer(script = 'process.kill(process.pid, "SIGKILL")') {
    const { root } = createTree();
    const data = join(root, 'srv');
    writeFileSync(join(data, 'one'), 'one');
    const container = uniqueContainerName();
    await testPodman().run(['create', `--name=${container}`, '--pull=never', '--', images.busybox, 'true']);
    const source: FileSource = { kind: 'stopped', container, mounts: [{ target: '/data', source: data }] };
    const podman = testPodman(1, { env: { ...prepareStorage(), ...replaceAnswer(script) } });
    onTestFinished(() => podman.close());
    return { podman, data, source };
  }
  const interrupted = { outcome: 'unknown', message: expect.stringContaining('Read the files') };

  it.each([
    { verb: 'remove', path: '/data/one', isRecursive: false },
    { verb: 'move', from: '/data/one', to: '/data/two' },
    { verb: 'make-directory', path: '/data/folder', mode: '', owner: '' },
  ] as const)('leaves the outcome of $verb unknown', async request => {
    const { podman, data, source } = await createContainer();
    const before = readdirSync(data);
    await expect(podman.files(source, request, { signal })).rejects.toMatchObject(interrupted);
    expect(readdirSync(data)).not.toEqual(before);
  });

  const write = { verb: 'write', path: '/data/two', mode: '', owner: '', draft: '.draft' } as const;

  it('leaves the outcome of a write unknown if all of the content was sent', async () => {
    const { podman, data, source } = await createContainer();
    await expect(podman.files(source, write, { signal, content: cut(Buffer.from('two')) })).rejects.toMatchObject(interrupted);
    expect(readdirSync(data)).toContain('two');
  });

  it('fails a write whose content was not complete', async () => {
    const { podman, data, source } = await createContainer();
    const broken = new Error('the channel is broken');
    async function* content() {
      yield Buffer.from('two');
      throw broken;
    }
    await expect(podman.files(source, write, { signal, content: content() })).rejects.toBe(broken);
    expect(readdirSync(data)).not.toContain('two');
  });

  it('fails a read', async () => {
    const { podman, source } = await createContainer();
    await expect(podman.files(source, { verb: 'stat', path: '/data/one' }, { signal })).rejects.toMatchObject({
      message: expect.stringContaining('interrupted on the node'),
    });
  });

  it('leaves the outcome unknown if it was ended by a cancellation', async () => {
    const { podman, data, source } = await createContainer('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)');
    const controller = new AbortController();
    const removing = podman.files(source, { verb: 'remove', path: '/data/one', isRecursive: false }, { signal: controller.signal });
    removing.catch(() => {});
    await until(() => !existsSync(join(data, 'one')));
    controller.abort(new Error('cancelled'));
    await expect(removing).rejects.toMatchObject(interrupted);
  });
});

describe('a helper that cannot be started', () => {
  it('has changed nothing', async () => {
    const { root } = createTree();
    const podman = createPodman({ maxProcesses: 1, cwd: join(root, 'missing') });
    onTestFinished(() => podman.close());
    const source: FileSource = { kind: 'process', pid: process.pid, container: 'none' };
    const removing = podman.files(source, { verb: 'remove', path: '/one', isRecursive: false }, { signal });
    await expect(removing).rejects.toMatchObject({ message: expect.stringContaining('interrupted on the node') });
    await expect(removing).rejects.not.toHaveProperty('outcome');
  });
});
