import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { images, startChild, testPodman, until } from '@podman-api/testing';
import { ownName } from '@podman-api/testing/containers';
import { childrenOf } from '@podman-api/testing/processes';
import { prepareStorage } from '@podman-api/testing/storage';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { findHelpers } from '../../src/files/find-helpers.ts';
import { helperComm } from '../../src/files/protocol.ts';
import { type CountedPodman, createPodman, type FileSource } from '../../src/index.ts';

const isRoot = process.getuid?.() === 0;
const marker = { PODMAN_API_PODMAN_OF: 'job-of-run-helper-test' };
const markerText = 'PODMAN_API_PODMAN_OF=job-of-run-helper-test';
const signal = new AbortController().signal;
const neverResolves = () => new Promise<void>(() => {});

/** Files of a container that does not run, in a folder that is removed after the test. */
function createTree(): { readonly root: string; readonly source: FileSource } {
  const root = mkdtempSync(join(tmpdir(), 'podman-api-helper-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'srv'));
  return { root, source: { kind: 'folder', path: root, mounts: [] } };
}

function createTestPodman(limit = 2): CountedPodman {
  const podman = createPodman({ limit });
  onTestFinished(() => podman.close());
  return podman;
}

/** Writes 200 MB of zeros, which take no room on the disk. */
function writeLarge(root: string): void {
  writeFileSync(join(root, 'large'), '');
  truncateSync(join(root, 'large'), 200_000_000);
}

/** Returns the helpers that a process has started and that have read their first line. */
function helpersOf(parent: number | undefined): readonly number[] {
  return childrenOf(parent)
    .map(({ pid }) => pid)
    .filter(isHelper);
}

/** Whether a process is a helper that runs; one that has exited may wait for its parent (a zombie). */
function isHelper(pid: number): boolean {
  try {
    const isExited = /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return !isExited && readFileSync(`/proc/${pid}/comm`, 'utf8') === `${helperComm}\n`;
  } catch {
    return false;
  }
}

/** A content whose first piece arrives and whose end never does. */
async function* endlessContent(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('a');
  await neverResolves();
}

describe('Podman.files', () => {
  it('keeps the compiled code of its helper in NODE_COMPILE_CACHE', async () => {
    const { root, source } = createTree();
    const cache = join(root, 'cache');
    vi.stubEnv('NODE_COMPILE_CACHE', cache);
    onTestFinished(() => void vi.unstubAllEnvs());
    const podman = createTestPodman();
    await podman.files(source, { verb: 'stat', path: '/' }, { signal });
    await podman.close();
    expect(readdirSync(cache, { recursive: true }).length).toBeGreaterThan(1);
  });

  it.each(['read', 'archive'] as const)('ends a %s whose reader has stopped when its signal is aborted', async verb => {
    const { root, source } = createTree();
    writeLarge(root);
    const podman = createTestPodman();
    const [cancelled, taken] = [new AbortController(), Promise.withResolvers<void>()];
    const request = verb === 'read' ? { verb, path: '/large' } : { verb, path: '/', isCompressed: false };
    const answer = podman.files(source, request, {
      signal: cancelled.signal,
      env: marker,
      take: () => {
        taken.resolve();
        return neverResolves();
      },
    });
    await taken.promise;
    expect(await findHelpers(markerText)).toHaveLength(1);
    cancelled.abort(new Error('the reader has disconnected'));
    await expect(answer).rejects.toThrow('the reader has disconnected');
    expect(await findHelpers(markerText)).toEqual([]);
  });

  it('gives up a write and removes its draft when its signal is aborted', async () => {
    const { root, source } = createTree();
    const podman = createTestPodman();
    const cancelled = new AbortController();
    const request = { verb: 'write', path: '/srv/file', mode: '', owner: '', draft: '.draft' } as const;
    const answer = podman.files(source, request, { signal: cancelled.signal, env: marker, content: endlessContent() });
    answer.catch(() => {});
    await until(async () => readdirSync(join(root, 'srv')).length > 0);
    cancelled.abort(new Error('cancelled'));
    await expect(answer).rejects.toThrow('cancelled');
    expect(readdirSync(join(root, 'srv'))).toEqual([]);
    expect(await findHelpers(markerText)).toEqual([]);
  });

  it('passes on the error of a content, and writes nothing', async () => {
    const { root, source } = createTree();
    async function* content() {
      yield Buffer.from('a');
      throw new Error('the source has failed');
    }
    const request = { verb: 'write', path: '/srv/file', mode: '', owner: '', draft: '.draft' } as const;
    await expect(createTestPodman().files(source, request, { signal, content: content() })).rejects.toThrow('the source has failed');
    expect(readdirSync(join(root, 'srv'))).toEqual([]);
  });

  it('returns all bytes of files of all sizes', async () => {
    const { root, source } = createTree();
    const podman = createTestPodman();
    for (const bytes of [0, 1, 64 * 1024, 512 * 1024, 3_000_001]) {
      const content = Buffer.from(Array.from({ length: bytes }, (_, at) => (at * 7) % 251));
      const request = { verb: 'write', path: '/srv/file', mode: '', owner: '', draft: '.draft' } as const;
      await podman.files(source, request, { signal, content: cut(content) });
      expect(readFileSync(join(root, 'srv/file')).equals(content)).toBe(true);
      const pieces: Buffer[] = [];
      await podman.files(source, { verb: 'read', path: '/srv/file' }, { signal, take: async piece => void pieces.push(piece) });
      expect(Buffer.concat(pieces).equals(content)).toBe(true);
    }
  });

  it('ends all helpers when the driver is closed: one that starts, one that waits and two that work', async () => {
    const { root, source } = createTree();
    writeLarge(root);
    const podman = createTestPodman(4);
    const write = { verb: 'write', path: '/srv/file', mode: '', owner: '', draft: '.draft' } as const;
    const taken = Promise.withResolvers<void>();
    const take = () => {
      taken.resolve();
      return neverResolves();
    };
    const working = [
      podman.files(source, { verb: 'read', path: '/large' }, { signal, take }),
      podman.files(source, write, { signal, content: endlessContent() }),
    ];
    await taken.promise;
    await until(async () => readdirSync(join(root, 'srv')).length > 0);
    await podman.files(source, { verb: 'stat', path: '/' }, { signal });
    // The first takes the helper that waits, so the second starts one.
    working.push(...[1, 2].map(() => podman.files(source, { verb: 'read', path: '/large' }, { signal, take })));
    const settled = Promise.allSettled(working);
    await podman.close();
    expect(helpersOf(process.pid)).toEqual([]);
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
    await expect(podman.files(source, { verb: 'stat', path: '/' }, { signal })).rejects.toThrow('shutting down');
    expect(readdirSync(join(root, 'srv'))).toEqual([]);
  });
});

/** Returns an environment in which a helper does something instead of answering: its first write says that it has taken its name. */
function insteadOfAnswer(script: string): Readonly<Record<string, string>> {
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
  /** Creates a container that does not run, with the folder `/data`, in which there is a file `one`. @param script see `insteadOfAnswer` */
  async function createContainer(script = 'process.kill(process.pid, "SIGKILL")') {
    const { root } = createTree();
    const data = join(root, 'srv');
    writeFileSync(join(data, 'one'), 'one');
    const container = ownName();
    await testPodman().run(['create', `--name=${container}`, '--pull=never', '--', images.busybox, 'true']);
    const source: FileSource = { kind: 'stopped', container, mounts: [{ target: '/data', source: data }] };
    const podman = testPodman(1, { env: { ...prepareStorage(), ...insteadOfAnswer(script) } });
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
    const podman = createPodman({ limit: 1, cwd: join(root, 'missing') });
    onTestFinished(() => podman.close());
    const source: FileSource = { kind: 'process', pid: process.pid, container: 'none' };
    const removing = podman.files(source, { verb: 'remove', path: '/one', isRecursive: false }, { signal });
    await expect(removing).rejects.toMatchObject({ message: expect.stringContaining('interrupted on the node') });
    await expect(removing).rejects.not.toHaveProperty('outcome');
  });
});

describe('Podman.settle', () => {
  it('waits for a helper that works on files, and not for one that is kept', async () => {
    const { root, source } = createTree();
    const podman = createTestPodman();
    const complete = Promise.withResolvers<void>();
    async function* content() {
      yield Buffer.from('two');
      await complete.promise;
    }
    const request = { verb: 'write', path: '/srv/two', mode: '', owner: '', draft: '.draft' } as const;
    const writing = podman.files(source, request, { signal, env: marker, content: content() });
    await until(() => existsSync(join(root, 'srv/.draft')));
    const settled = podman.settle(markerText).then(() => 'settled');
    expect(await Promise.race([settled, delay(300, 'waits')])).toBe('waits');
    complete.resolve();
    expect(await writing).toHaveProperty('file');
    expect(await settled).toBe('settled');
  });
});

describe.runIf(isRoot)('a helper that is kept', () => {
  it('serves the next request, with none of the files of the last one open', async () => {
    const { root, source } = createTree();
    writeFileSync(join(root, 'file'), 'text');
    const podman = createTestPodman();
    await podman.files(source, { verb: 'stat', path: '/srv' }, { signal, env: marker });
    const [helper = 0, ...others] = helpersOf(process.pid);
    expect(others).toEqual([]);
    const requests = [
      { verb: 'read', path: '/file' },
      { verb: 'archive', path: '/', isCompressed: false },
      { verb: 'archive', path: '/', isCompressed: true },
      { verb: 'list', path: '/srv', depth: 2, limit: 100 },
      { verb: 'make-directory', path: '/srv/a/b', mode: '', owner: '' },
      { verb: 'move', from: '/srv/a', to: '/srv/c' },
      { verb: 'remove', path: '/srv/c', isRecursive: true },
    ] as const;
    for (const request of requests) {
      await podman.files(source, request, { signal, env: marker });
      expect(openPaths(helper).filter(path => path.startsWith(root))).toEqual([]);
      expect(helpersOf(process.pid)).toEqual([helper]);
    }
    expect(await findHelpers(markerText)).toEqual([]);
  });

  it('is not used again after a failure, and is replaced', async () => {
    const { source } = createTree();
    const podman = createTestPodman();
    await podman.files(source, { verb: 'stat', path: '/srv' }, { signal });
    const [helper = 0] = helpersOf(process.pid);
    expect(await podman.files(source, { verb: 'stat', path: '/missing' }, { signal })).toMatchObject({ failure: 'not-found' });
    expect(isHelper(helper)).toBe(false);
    await until(async () => helpersOf(process.pid).length === 1);
    expect(await podman.files(source, { verb: 'stat', path: '/srv' }, { signal })).toMatchObject({ file: { path: '/srv' } });
  });

  it('is replaced if it was killed while it waited', async () => {
    const { source } = createTree();
    const podman = createTestPodman();
    await podman.files(source, { verb: 'stat', path: '/srv' }, { signal });
    for (const helper of helpersOf(process.pid)) process.kill(helper, 'SIGKILL');
    expect(await podman.files(source, { verb: 'stat', path: '/srv' }, { signal })).toMatchObject({ file: { path: '/srv' } });
  });

  it.each(['idle', 'reading', 'writing'])('ends if its worker is killed while it is %s', async state => {
    const { root, source } = createTree();
    writeLarge(root);
    const script = fileURLToPath(new URL('./hold-helper.ts', import.meta.url));
    const worker = startChild(process.execPath, [script, JSON.stringify(source), state], {});
    await worker.says('ready');
    const helpers = helpersOf(worker.process.pid);
    expect(helpers).toHaveLength(1);
    worker.process.kill('SIGKILL');
    await until(async () => !helpers.some(isHelper));
    expect(readdirSync(join(root, 'srv'))).toEqual([]);
  });
});

async function* cut(content: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += 300_001) yield content.subarray(at, at + 300_001);
}

function openPaths(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).map(fd => readlinkSync(`/proc/${pid}/fd/${fd}`));
}
