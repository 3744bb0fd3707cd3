import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { ApiError } from '@podman-api/errors';
import type { FollowedRecord } from '@podman-api/podman';
import type { ByteChannel } from '@podman-api/runtime';
import { describe, expect, it } from 'vitest';
import { followLogs } from '../src/container/logs/follow.ts';
import { createLogEvents, formatPosition, parsePosition } from '../src/container/logs/log-events.ts';
import { followStats } from '../src/container/stats/follow.ts';
import type { ContainerListener } from '../src/index.ts';
import { context, recordingPodman } from './recording-podman.ts';

const id = '0123456789ab'.padEnd(64, '0');
const facts = (status: string, exitCode = 0) => JSON.stringify({ id, name: 'web', status, started: '2026-01-05T09:30:00Z', exitCode });

/** Returns a context whose feed and channel a test can use, and the messages that the job has sent. */
function createParts() {
  const listeners = new Set<ContainerListener>();
  const sent: unknown[] = [];
  const channel: ByteChannel = {
    ...{
      signal: new AbortController().signal,
      read: async () => undefined,
      write: async () => {},
      end: async () => {},
      close: async () => {},
    },
    send: async message => void sent.push(...('events' in message && Array.isArray(message.events) ? message.events : [])),
  };
  const containers = {
    subscribe(listener: ContainerListener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const die = (timeMs = Date.now()) => {
    for (const listener of listeners) listener.onEvent?.({ id: id.slice(0, 12), status: 'died', timeMs, exitCode: 7 });
  };
  return { job: { ...context, containers, channel: async () => channel }, listeners, sent, die };
}

const record = (timeNs: bigint, text: string, stream: FollowedRecord['stream'] = 'stdout'): FollowedRecord => ({
  ...{ stream, time: `T${timeNs}`, timeNs, bytes: Buffer.from(text) },
});

describe('container.follow_logs', () => {
  it('waits for the exit code that podman writes after the container has stopped', async () => {
    const { job } = createParts();
    const states = [facts('stopped'), facts('stopped'), facts('exited', 3)];
    const podman = {
      ...recordingPodman({}),
      shared: async () => states.shift() ?? facts('exited', 3),
      followLog: async (...[, , , end]: Parameters<ReturnType<typeof recordingPodman>['followLog']>) =>
        void (await once(end.ended, 'abort')),
    };
    expect(await followLogs.run(podman, { name: 'web', follow: true }, job)).toEqual({ name: 'web', exit_code: 3 });
  });

  it('ends with the exit code of the event, and ignores an event of an earlier run', async () => {
    const { job, sent, die, listeners } = createParts();
    const ended = Promise.withResolvers<void>();
    const podman = recordingPodman({ shared: facts('running') });
    const waiting = {
      ...podman,
      followLog: async (...[, , , end]: Parameters<typeof podman.followLog>) => {
        end.ended.addEventListener('abort', () => ended.resolve());
        await ended.promise;
      },
    };
    const result = followLogs.run(waiting, { name: 'web', follow: true }, job);
    await setImmediate();
    die(Date.parse('2026-01-05T09:29:00Z'));
    await setImmediate();
    expect(sent).toEqual([{ id: '', event: 'ping', data: {} }]);
    die();
    expect(await result).toEqual({ name: 'web', exit_code: 7 });
    expect(sent.at(-1)).toEqual({ id: '', event: 'exit', data: { exit_code: 7 } });
    expect(listeners.size).toBe(0);
  });

  it('reads the log of a container that has stopped', async () => {
    const { job, sent } = createParts();
    const podman = recordingPodman({ shared: facts('exited', 3) });
    await followLogs.run(podman, { name: 'web', follow: true, tail: '0' }, job);
    expect(podman.calls.at(-1)?.args).toEqual(['logs', '--follow', '--', id]);
    expect(sent).toMatchObject([
      { id: expect.stringMatching(/^\d{19}-0$/), event: 'ping' },
      { event: 'exit', data: { exit_code: 3 } },
    ]);
  });
});

describe('container.follow_stats', () => {
  it('shares a podman process by the id of the container, and sends the latest figures', async () => {
    const { job, sent, die } = createParts();
    const podman = recordingPodman({ shared: facts('running') });
    const line = JSON.stringify({ ContainerID: id, Name: 'web', PIDs: 2, CPU: 1.234, CPUNano: 5e6, MemUsage: 7 });
    const calls: (readonly string[])[] = [];
    const printing = {
      ...podman,
      followShared: async (...[args, onLine]: Parameters<typeof podman.followShared>) => {
        calls.push(args);
        for (const one of ['{"cut', line, line]) onLine(one);
        die();
      },
    };
    expect(await followStats.run(printing, { name: 'web', stream: true }, job)).toEqual({ name: 'web', exit_code: 7 });
    expect(calls).toEqual([['stats', '--no-reset', '--interval=1', expect.stringMatching(/^--format=/), '--', id]]);
    expect(sent).toMatchObject([
      { event: 'ping' },
      { event: 'stats', data: { stats: { id: id.slice(0, 12), cpu_percent: 1.23, cpu_ms: 5, memory: 7, pids: 2 } } },
      { event: 'stats' },
      { event: 'exit', data: { exit_code: 7 } },
    ]);
  });

  it('fails if the podman of the node cannot read statistics, and starts it again after any other failure', async () => {
    const { job } = createParts();
    const failures = [
      new ApiError('NotFoundError', 'removed'),
      Object.assign(new ApiError('ConflictError', 'no'), { reason: 'not-supported' }),
    ];
    let starts = 0;
    const failing = {
      ...recordingPodman(),
      async followShared() {
        starts += 1;
        if (starts > 2) throw new Error('podman was started once more');
      },
      // Readers share the run that finds out why.
      shared: async ([command]: readonly string[]) => (command === 'stats' ? Promise.reject(failures.shift()) : facts('running')),
    };
    await expect(followStats.run(failing, { name: 'web', stream: true }, job)).rejects.toThrow('no');
    expect(starts).toBe(2);
  });

  it('returns 409 for a container that does not run', async () => {
    const run = followStats.run(recordingPodman({ shared: facts('exited') }), { name: 'web', stream: true }, createParts().job);
    await expect(run).rejects.toMatchObject({ status: 409 });
  });
});

describe('createLogEvents', () => {
  it('joins successive records of a stream, and writes the time at the beginning of each line', () => {
    const events = createLogEvents(true, undefined);
    const records = [record(1n, 'a'), record(1n, 'b\n'), record(2n, 'e\n', 'stderr'), record(2n, 'c\n')];
    expect(events.toEvents({ records, hasGap: false })).toEqual([
      { id: '1-2', event: 'stdout', data: { text: 'T1 ab\n' } },
      { id: '2-1', event: 'stderr', data: { text: 'T2 e\n' } },
      { id: '2-2', event: 'stdout', data: { text: 'T2 c\n' } },
    ]);
    expect(events.toEvents({ records: [record(3n, 'd\n')], hasGap: true }).map(({ event }) => event)).toEqual(['gap', 'stdout']);
  });

  it('joins a character that is split between two records', () => {
    const [first, second] = [Buffer.from('ö').subarray(0, 1), Buffer.from('ö').subarray(1)];
    const events = createLogEvents(false, undefined);
    const records = [first, second].map(bytes => ({ ...record(1n, ''), bytes }));
    expect(events.toEvents({ records, hasGap: false })).toMatchObject([{ data: { text: 'ö' } }]);
  });

  it('continues after a position, and says if its records are gone', () => {
    const after = parsePosition('5-2');
    expect(formatPosition(after)).toBe('5-2');
    const records = [record(4n, 'x\n'), record(5n, 'a\n'), record(5n, 'b\n'), record(5n, 'c\n'), record(6n, 'd\n')];
    expect(createLogEvents(false, after).toEvents({ records, hasGap: false })).toEqual([
      { id: '6-1', event: 'stdout', data: { text: 'c\nd\n' } },
    ]);
    expect(createLogEvents(false, after).toEvents({ records: records.slice(4), hasGap: false })).toEqual([
      { id: '5-2', event: 'gap', data: {} },
      { id: '6-1', event: 'stdout', data: { text: 'd\n' } },
    ]);
  });
});
