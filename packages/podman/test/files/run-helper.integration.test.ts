import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { images, testPodman, until } from '@podman-api/testing';
import { ownName } from '@podman-api/testing/containers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createPodman, type FileOptions, type FileSource } from '../../src/index.ts';
import { processesWith } from '../../src/signals/host-processes.ts';

/** Returns an environment in which Node.js runs a script before its program. */
const withPreload = (script: string) => ({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` });
const diesBeforeAnswer = withPreload('process.stdout.write = () => process.kill(process.pid, "SIGKILL")');
const never = new AbortController().signal;

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-helper-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe('Podman.files', () => {
  it('keeps the compiled code of its helper in NODE_COMPILE_CACHE', async () => {
    const folder = createFolder();
    const cache = join(folder, 'cache');
    vi.stubEnv('NODE_COMPILE_CACHE', cache);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { files } = createPodman({ limit: 1 });
    const source = { kind: 'folder', path: folder, mounts: [] } as const;
    await files(source, { verb: 'stat', path: '/' }, { signal: never });
    expect(readdirSync(cache, { recursive: true }).length).toBeGreaterThan(1);
  });
});

describe('a helper that dies before it answers', () => {
  /** Creates a container that does not run, with the folder `/data`, in which there is a file `one`. */
  async function createContainer() {
    const podman = testPodman();
    const data = createFolder();
    writeFileSync(join(data, 'one'), 'one');
    const container = ownName();
    await podman.run(['create', `--name=${container}`, '--pull=never', '--', images.busybox, 'true']);
    const source: FileSource = { kind: 'stopped', container, mounts: [{ target: '/data', source: data }] };
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
    await expect(podman.files(source, request, { signal: never, env: diesBeforeAnswer })).rejects.toMatchObject(interrupted);
    expect(readdirSync(data)).not.toEqual(before);
  });

  const write = { verb: 'write', path: '/data/two', mode: '', owner: '', draft: '.draft' } as const;

  it('leaves the outcome of a write unknown if all of the content was sent', async () => {
    const { podman, data, source } = await createContainer();
    const content = (async function* () {
      yield Buffer.from('two');
    })();
    await expect(podman.files(source, write, { signal: never, env: diesBeforeAnswer, content })).rejects.toMatchObject(interrupted);
    expect(readdirSync(data)).toContain('two');
  });

  it('fails a write whose content was not complete', async () => {
    const { podman, data, source } = await createContainer();
    const broken = new Error('the channel is broken');
    const content = (async function* () {
      yield Buffer.from('two');
      throw broken;
    })();
    await expect(podman.files(source, write, { signal: never, env: diesBeforeAnswer, content })).rejects.toBe(broken);
    expect(readdirSync(data)).not.toContain('two');
  });

  it('fails a read', async () => {
    const { podman, source } = await createContainer();
    const options: FileOptions = { signal: never, env: diesBeforeAnswer };
    await expect(podman.files(source, { verb: 'stat', path: '/data/one' }, options)).rejects.toMatchObject({
      message: expect.stringContaining('interrupted on the node'),
    });
  });

  it('leaves the outcome unknown if it was ended by a cancellation', async () => {
    const { podman, data, source } = await createContainer();
    const started = join(data, 'started');
    const hangs = withPreload(
      `(await import('node:fs')).writeFileSync('${started}', ''); setInterval(() => {}, 1000); await new Promise(() => {})`,
    );
    const controller = new AbortController();
    const request = { verb: 'remove', path: '/data/one', isRecursive: false } as const;
    const removing = podman.files(source, request, { signal: controller.signal, env: hangs });
    removing.catch(() => {});
    await until(() => existsSync(started));
    controller.abort(new Error('cancelled'));
    await expect(removing).rejects.toMatchObject(interrupted);
  });
});

describe('a helper that cannot be started', () => {
  it('has changed nothing', async () => {
    const folder = createFolder();
    const { files } = createPodman({ limit: 1, cwd: join(folder, 'missing') });
    const source: FileSource = { kind: 'process', pid: process.pid, container: 'none' };
    const removing = files(source, { verb: 'remove', path: '/one', isRecursive: false }, { signal: never });
    await expect(removing).rejects.toMatchObject({ message: expect.stringContaining('interrupted on the node') });
    await expect(removing).rejects.not.toHaveProperty('outcome');
  });
});

describe('Podman.settle', () => {
  it('waits for a helper that works on files', async () => {
    const folder = createFolder();
    mkdirSync(join(folder, 'data'));
    const { files, settle } = createPodman({ limit: 1 });
    const variable = `PODMAN_API_TEST=${ownName()}`;
    const [name = '', value = ''] = variable.split('=');
    const complete = Promise.withResolvers<void>();
    const content = (async function* () {
      yield Buffer.from('two');
      await complete.promise;
    })();
    const source = { kind: 'folder', path: folder, mounts: [] } as const;
    const write = { verb: 'write', path: '/data/two', mode: '', owner: '', draft: '.draft' } as const;
    const writing = files(source, write, { signal: never, env: { [name]: value }, content });
    await until(() => existsSync(join(folder, 'data/.draft')));
    const settled = settle(variable).then(() => 'settled');
    expect(await Promise.race([settled, delay(300, 'waits')])).toBe('waits');
    complete.resolve();
    expect(await writing).toHaveProperty('file');
    expect(await settled).toBe('settled');
    expect(await processesWith(variable, async () => true)).toEqual([]);
  });
});
