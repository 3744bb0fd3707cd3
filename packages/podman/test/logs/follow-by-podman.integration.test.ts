import { images, testRemotePodman, until } from '@podman-api/testing';
import { letExit, startContainer } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import type { FollowedRecord } from '../../src/index.ts';

const podman = testRemotePodman();

/** Podman on another machine, whose log files cannot be read. */
describe('Podman.followLog without a log file', () => {
  it('passes on the lines of both streams with their times, and ends with the container', async () => {
    const name = await startContainer(
      images.busybox,
      'sh',
      '-c',
      'echo one; echo err >&2; until [ -e /go ]; do usleep 20000; done; echo two',
    );
    const records: FollowedRecord[] = [];
    const ended = new AbortController();
    const done = podman.followLog(name, { tail: 'all' }, async batch => void records.push(...batch.records), {
      ended: ended.signal,
      signal: AbortSignal.timeout(60_000),
    });
    const texts = (stream: string) => records.flatMap(record => (record.stream === stream ? [record.bytes.toString()] : [])).join('');
    await until(() => texts('stdout') === 'one\n' && texts('stderr') === 'err\n');
    await letExit(name, '/go');
    await done;
    expect(texts('stdout')).toBe('one\ntwo\n');
    expect(records.every(({ time }) => /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(time))).toBe(true);
  });

  it("returns podman's error", async () => {
    const end = { ended: new AbortController().signal, signal: AbortSignal.timeout(60_000) };
    const following = podman.followLog('not-there', { tail: 'all' }, async () => {}, end);
    await expect(following).rejects.toMatchObject({ type: 'NotFoundError' });
  });
});
