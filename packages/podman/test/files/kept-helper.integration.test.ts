import { existsSync, mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startChild, until } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { findHelpers } from '../../src/files/find-helpers.ts';
import { createTestPodman, createTree, helpersOf, isHelper, marker, markerText, signal, writeLarge } from './helper-requests.ts';

const isRoot = process.getuid?.() === 0;

describe('Podman.waitForProcesses', () => {
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
    const settled = podman.waitForProcesses(markerText).then(() => 'settled');
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

  it('closes files whose paths are longer than 4095 bytes, the maximum that the kernel returns', async () => {
    const { root } = createTree();
    const folder = join(root, 'x'.repeat(110));
    mkdirSync(folder);
    const source = { kind: 'folder', path: folder, mounts: [] } as const;
    const [first = '', ...others] = Array.from({ length: 20 }, () => 'd'.repeat(200));
    const path = ['', first, ...others].join('/');
    const podman = createTestPodman();
    await podman.files(source, { verb: 'stat', path: '/' }, { signal });
    const [helper = 0] = helpersOf(process.pid);
    const before = readdirSync(`/proc/${helper}/fd`).length;
    await podman.files(source, { verb: 'make-directory', path, mode: '', owner: '' }, { signal });
    await podman.files(source, { verb: 'stat', path }, { signal });
    // Node.js cannot remove such paths.
    await podman.files(source, { verb: 'remove', path: `/${first}`, isRecursive: true }, { signal });
    expect(readdirSync(`/proc/${helper}/fd`)).toHaveLength(before);
    expect(helpersOf(process.pid)).toEqual([helper]);
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
    await worker.waitForOutput('ready');
    const helpers = helpersOf(worker.process.pid);
    expect(helpers).toHaveLength(1);
    worker.process.kill('SIGKILL');
    await until(async () => !helpers.some(isHelper));
    expect(readdirSync(join(root, 'srv'))).toEqual([]);
  });
});

function openPaths(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).map(fd => readlinkSync(`/proc/${pid}/fd/${fd}`));
}
