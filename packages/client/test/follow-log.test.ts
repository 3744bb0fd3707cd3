import { describe, expect, it } from 'vitest';
import { followLog, type LogQuery } from '../src/logs/follow-log.ts';
import { formatSince, parseLog, parseNanoseconds } from '../src/logs/parse-log.ts';

const at = (time: number) => `2026-11-24T04:03:25.57723724${time}Z`;

describe('parseLog', () => {
  it('splits a log at the times of its lines, not at times within lines', () => {
    const log = `${at(1)} one\n${at(2)} par${at(3)} ts=${at(0)} tial\n${at(4)} \n${at(5)} ${at(0)} own\n${at(6)} cut`;
    expect(parseLog(log)).toEqual([
      { timestamp: at(1), text: 'one\n' },
      { timestamp: at(2), text: 'par' },
      { timestamp: at(3), text: `ts=${at(0)} tial\n` },
      { timestamp: at(4), text: '\n' },
      { timestamp: at(5), text: `${at(0)} own\n` },
      { timestamp: at(6), text: 'cut' },
    ]);
    expect(parseLog('')).toEqual([]);
  });
});

describe('parseNanoseconds and formatSince', () => {
  it('keep parseNanoseconds, in any time zone', () => {
    expect(parseNanoseconds('1970-01-01T00:00:01.5Z')).toBe(1_500_000_000n);
    expect(parseNanoseconds('1970-01-01T01:00:00.000000001+01:00')).toBe(1n);
    expect(formatSince(parseNanoseconds('1970-01-01T00:00:01.000000002Z') - 1n)).toBe('1.000000001');
  });
});

describe('followLog', () => {
  it('reads again from the last time, and leaves out lines that it has yielded', async () => {
    const reads = [
      { logs: `${at(1)} a\n${at(2)} b\n`, truncated: false },
      // Written together with b, and not there yet at the first read.
      { logs: `${at(2)} b\n${at(2)} c\n${at(3)} d\n${at(4)} cut o`, truncated: true },
      { logs: `${at(3)} d\n${at(4)} cut off\n`, truncated: false },
    ];
    const queries: LogQuery[] = [];
    const source = {
      read: async (query: LogQuery) => {
        queries.push(query);
        return reads[queries.length - 1] ?? { logs: '', truncated: false };
      },
      isRunning: async () => queries.length < 2,
    };
    const texts: string[] = [];
    for await (const { text } of followLog(source, { tail: 10 })) texts.push(text);
    expect(texts).toEqual(['a\n', 'b\n', 'c\n', 'd\n', 'cut off\n']);
    expect(queries).toEqual([
      { tail: '10', timestamps: true },
      { tail: 'all', timestamps: true, since: formatSince(parseNanoseconds(at(1))) },
      { tail: 'all', timestamps: true, since: formatSince(parseNanoseconds(at(2))) },
    ]);
  });

  it.each([
    [0, 'no line', ['b\n']],
    [1, 'the last line', ['a\n', 'b\n']],
  ] as const)('with a tail of %d begins with %s of the existing log', async (tail, _what, expected) => {
    const reads = [`${at(1)} a\n`, `${at(1)} a\n${at(2)} b\n`];
    const queries: LogQuery[] = [];
    const source = {
      read: async (query: LogQuery) => ({ logs: reads[queries.push(query) - 1] ?? '', truncated: false }),
      isRunning: async () => queries.length < 1,
    };
    const texts = (await Array.fromAsync(followLog(source, { tail }))).map(({ text }) => text);
    expect(texts).toEqual(expected);
    expect(queries[0]?.tail).toBe('1');
  });

  it('returns every line that is added to an empty log, whatever the tail', async () => {
    const reads = ['', `${at(1)} a\n${at(2)} b\n`];
    const queries: LogQuery[] = [];
    const source = {
      read: async (query: LogQuery) => ({ logs: reads[queries.push(query) - 1] ?? '', truncated: false }),
      isRunning: async () => queries.length < 1,
    };
    expect(await Array.fromAsync(followLog(source, { tail: 1 }))).toHaveLength(2);
    expect(queries[1]).toEqual({ tail: 'all', timestamps: true, since: undefined });
  });
});
