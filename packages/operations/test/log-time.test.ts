import { describe, expect, it } from 'vitest';
import { logs } from '../src/container/logs/index.ts';
import { parseLogTime } from '../src/container/logs/log-time.ts';
import { validateInput } from '../src/index.ts';
import { context, recordingPodman } from './recording-podman.ts';

const now = Date.parse('2026-11-28T12:00:00Z');

describe('container.logs', () => {
  const queryOf = async (input: object) => {
    const podman = recordingPodman();
    await logs.run(podman, validateInput(logs, { name: 'web', ...input }), context);
    return podman.logQueries;
  };

  it('requests the last 100 lines by default', async () => {
    expect(await queryOf({})).toEqual([{ tail: 100, since: undefined, until: undefined, timestamps: false }]);
  });

  it('passes times on in nanoseconds', async () => {
    const times = { since: '2025-12-31T23:50:00.5Z', until: '2026-01-01T00:00:00Z' };
    expect(await queryOf({ tail: 'all', timestamps: 'true', ...times })).toEqual([
      { tail: 'all', since: 1767225000500000000n, until: 1767225600000000000n, timestamps: true },
    ]);
  });
});

describe('parseLogTime', () => {
  it.each([
    ['2026-11-28T09:00:00Z', 1795856400000000000n],
    ['2026-11-28T10:00:00+01:00', 1795856400000000000n],
    ['2026-11-28T09:00:00.25Z', 1795856400250000000n],
    ['2026-11-28', 1795824000000000000n],
    ['1795856400', 1795856400000000000n],
    ['1795856400.5', 1795856400500000000n],
    ['1h', 1795863600000000000n],
    ['1h30m', 1795861800000000000n],
    ['1.5s', 1795867198500000000n],
    ['250ms', 1795867199750000000n],
    ['999999999h', 0n],
  ])('reads %s', (text, expected) => {
    expect(parseLogTime(text, now)).toBe(expected);
  });

  it.each([
    '2026-11-28T09:00',
    '2026-11-28T09:00:00',
    '2026-13-45',
    '2026-02-30T00:00:00Z',
    '2026-11-28T25:00:00Z',
    '2026-11-28T09:00:00+99:99',
    'yesterday',
    '10 m',
    '-5m',
    '-f',
    '',
  ])('refuses %j', text => {
    expect(parseLogTime(text, now)).toBeUndefined();
  });
});
