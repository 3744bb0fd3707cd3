import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@podman-api/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FollowedBatch, type FollowQuery, followFile } from '../../src/logs/follow-file.ts';
import { LogWatches } from '../../src/logs/log-watches.ts';

let folder: string;
let path: string;
const watches = new LogWatches();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-follow-'));
  path = join(folder, 'ctr.log');
  writeFileSync(path, '');
});
afterEach(() => rmSync(folder, { recursive: true }));

const line = (second: number, text: string, stream = 'stdout', tag = 'F') =>
  `2026-01-05T09:30:${String(second).padStart(2, '0')}.5+00:00 ${stream} ${tag} ${text}\n`;

/** Follows the file; `onBatch` may delay the reader. */
async function follow(query: FollowQuery, onBatch: (batch: FollowedBatch) => Promise<void> = async () => {}) {
  const [ended, stopped] = [new AbortController(), new AbortController()];
  const batches: FollowedBatch[] = [];
  const watch = watches.watch(path);
  const file = await open(path);
  const done = followFile(
    { file, path },
    query,
    async batch => {
      batches.push(batch);
      await onBatch(batch);
    },
    { ended: ended.signal, signal: stopped.signal },
    watch,
  ).finally(() => watch.close());
  done.catch(() => {});
  const text = () => batches.flatMap(({ records }) => records.map(({ bytes }) => bytes.toString())).join('');
  return { batches, text, done, end: () => ended.abort(), stop: () => stopped.abort(new Error('stopped')) };
}

describe('followFile', () => {
  it('passes on the last lines, then new ones, and the rest after the end of the container', async () => {
    writeFileSync(path, line(1, 'a') + line(2, 'b') + line(3, 'part', 'stderr', 'P'));
    const { text, batches, done, end } = await follow({ tail: 2 });
    await until(() => text() === 'b\npart');
    appendFileSync(path, `${line(4, 'ial', 'stderr')}2026-01-05T09:30:05.5+00:00 std`);
    await until(() => text() === 'b\npartial\n');
    appendFileSync(path, `out F c\n${line(6, 'd')}`);
    end();
    await done;
    expect(text()).toBe('b\npartial\nc\nd\n');
    expect(batches[0]?.records.map(({ stream, time }) => [stream, time])).toEqual([
      ['stdout', '2026-01-05T09:30:02.5Z'],
      ['stderr', '2026-01-05T09:30:03.5Z'],
    ]);
  });

  it.each([
    ['a time', { tail: 'all', since: BigInt(Date.parse('2026-01-05T09:30:01.500Z')) * 1_000_000n }, 'b\nnew\n'],
    ['all lines', { tail: 'all' }, 'a\nb\nnew\n'],
  ] as const)('begins with %s', async (_what, query, expected) => {
    writeFileSync(path, line(1, 'a') + line(2, 'b'));
    const { text, done, end } = await follow(query);
    await until(() => text() !== '');
    appendFileSync(path, line(3, 'new'));
    await until(() => text().endsWith('new\n'));
    end();
    await done;
    expect(text()).toBe(expected);
  });

  it('begins with no line', async () => {
    writeFileSync(path, line(1, 'a') + line(2, 'b'));
    const { text, done, end } = await follow({ tail: 0 });
    // A line that is written before the reader has found its start is left out.
    await until(() => {
      appendFileSync(path, line(3, 'new'));
      return text() !== '';
    });
    end();
    await done;
    expect(text()).toMatch(/^(new\n)+$/);
  });

  it('reads a file to its end before the one that replaces it, without a gap', async () => {
    const busy = Promise.withResolvers<void>();
    writeFileSync(path, line(1, 'a'));
    const { text, batches, done, end } = await follow({ tail: 'all' }, () => busy.promise);
    await until(() => batches.length > 0);
    appendFileSync(path, line(2, 'b'));
    writeFileSync(`${path}.tmp`, line(3, 'c'));
    renameSync(`${path}.tmp`, path);
    end();
    busy.resolve();
    await done;
    expect(text()).toBe('a\nb\nc\n');
    expect(batches.some(({ hasGap }) => hasGap)).toBe(false);
  });

  it('says that lines may be missing if the file was cut off', async () => {
    writeFileSync(path, line(1, 'a long line'));
    const { text, batches, done, end } = await follow({ tail: 'all' });
    await until(() => text() !== '');
    truncateSync(path, 0);
    appendFileSync(path, line(2, 'b'));
    await until(() => text().endsWith('b\n'));
    end();
    await done;
    expect(batches.map(({ hasGap }) => hasGap)).toEqual([false, true]);
  });

  it('stops at once, also while it waits for a line', async () => {
    const { done, stop } = await follow({ tail: 'all' });
    stop();
    await expect(done).rejects.toThrow('stopped');
  });
});
