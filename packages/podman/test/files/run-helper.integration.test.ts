import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@podman-api/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { findHelpers } from '../../src/files/find-helpers.ts';
import {
  createTestPodman,
  createTree,
  cut,
  endlessContent,
  helpersOf,
  marker,
  markerText,
  neverResolves,
  signal,
  writeLarge,
} from './helper-requests.ts';

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
      onBytes: () => {
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

  it('abandons a write and removes its draft when its signal is aborted', async () => {
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
      await podman.files(source, { verb: 'read', path: '/srv/file' }, { signal, onBytes: async piece => void pieces.push(piece) });
      expect(Buffer.concat(pieces).equals(content)).toBe(true);
    }
  });

  it('ends all helpers when the driver is closed: one that starts, one that waits and two that work', async () => {
    const { root, source } = createTree();
    writeLarge(root);
    const podman = createTestPodman(4);
    const write = { verb: 'write', path: '/srv/file', mode: '', owner: '', draft: '.draft' } as const;
    const taken = Promise.withResolvers<void>();
    const onBytes = () => {
      taken.resolve();
      return neverResolves();
    };
    const working = [
      podman.files(source, { verb: 'read', path: '/large' }, { signal, onBytes }),
      podman.files(source, write, { signal, content: endlessContent() }),
    ];
    await taken.promise;
    await until(async () => readdirSync(join(root, 'srv')).length > 0);
    await podman.files(source, { verb: 'stat', path: '/' }, { signal });
    // The first takes the helper that waits, so the second starts one.
    working.push(...[1, 2].map(() => podman.files(source, { verb: 'read', path: '/large' }, { signal, onBytes })));
    const settled = Promise.allSettled(working);
    await podman.close();
    expect(helpersOf(process.pid)).toEqual([]);
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
    await expect(podman.files(source, { verb: 'stat', path: '/' }, { signal })).rejects.toThrow('shutting down');
    expect(readdirSync(join(root, 'srv'))).toEqual([]);
  });
});
