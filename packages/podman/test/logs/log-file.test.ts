import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { type LogQuery, type LogText, readLogFile } from '../../src/logs/log-file.ts';
import { conmonFormat, type LogFormat, plainFormat, timeInUtc } from '../../src/logs/log-format.ts';

const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const noLimit = 64 * 1024 ** 2;

async function read(content: Buffer, query: Partial<LogQuery>, maxBytes = noLimit, format: LogFormat = conmonFormat): Promise<LogText> {
  const path = join(folder, randomBytes(6).toString('hex'));
  writeFileSync(path, content);
  const file = await open(path, 'r');
  try {
    return await readLogFile(file, format, { tail: 'all', timestamps: false, ...query }, maxBytes);
  } finally {
    await file.close();
    rmSync(path);
  }
}

const firstMs = Date.parse('2026-11-28T12:00:00Z');
const timeText = (index: number) => new Date(firstMs + index).toISOString().replace('Z', '000000+00:00');
const timeNs = (index: number) => BigInt(firstMs + index) * 1_000_000n;

/** The records that conmon writes for output that it reads in pieces: a record per line in a piece, and a partial one for the rest. */
function conmonFile(pieces: readonly Buffer[]): Buffer {
  const records = pieces.flatMap((piece, index) => {
    const lines = splitLines(piece);
    return lines.map(line => {
      const isFull = line.at(-1) === 0x0a;
      const text = isFull ? line.subarray(0, -1) : line;
      return Buffer.concat([
        Buffer.from(`${timeText(index)} ${index % 3 ? 'stdout' : 'stderr'} ${isFull ? 'F' : 'P'} `),
        text,
        Buffer.from('\n'),
      ]);
    });
  });
  return Buffer.concat(records);
}

/** Splits after each newline; the last part may have none. */
function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const index = bytes.indexOf(0x0a, start);
    const end = index < 0 ? bytes.length : index + 1;
    lines.push(bytes.subarray(start, end));
    start = end;
  }
  return lines;
}

const takeLastLines = (bytes: Buffer, count: number) => (count === 0 ? Buffer.alloc(0) : Buffer.concat(splitLines(bytes).slice(-count)));

/** Pieces of output as a program may write them: parts of lines, CRLF, NUL, invalid UTF-8, long lines, no last newline. */
const pieces = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .constantFrom('one\n', 'two\r\n', '\n', 'no newline', 'a\nb\nc', '\0\0\n', ' \n', '2026-11-28T12:00:00Z stdout F x\n')
        .map(Buffer.from),
    },
    { weight: 3, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 200 }).map(bytes => Buffer.from(bytes)) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }).map(count => Buffer.alloc(count * 8192, 'x')) },
  ),
  { maxLength: 40 },
);

describe('readLogFile', () => {
  it('returns what was written, for all and for the last lines', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, fc.constantFrom(0, 1, 2, 5, 100), async (written, tail) => {
        const all = Buffer.concat(written);
        const file = conmonFile(written);
        expect((await read(file, {})).bytes.equals(all)).toBe(true);
        const last = await read(file, { tail });
        expect(last.truncated).toBe(false);
        expect(last.bytes.equals(takeLastLines(all, tail))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('returns the same from the output of podman logs', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, fc.constantFrom(1, 2, 5), async (written, tail) => {
        const all = Buffer.concat(written);
        expect((await read(all, {}, noLimit, plainFormat)).bytes.equals(all)).toBe(true);
        expect((await read(all, { tail }, noLimit, plainFormat)).bytes.equals(takeLastLines(all, tail))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('returns only what was written after since and before until', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, fc.nat(40), fc.nat(40), async (written, after, before) => {
        const wanted = Buffer.concat(written.filter((_, index) => index > after && index < before));
        const found = await read(conmonFile(written), { since: timeNs(after), until: timeNs(before) });
        expect(found.bytes.equals(wanted)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('puts the time in UTC before each record', async () => {
    const file = Buffer.from('2026-11-28T14:00:00.5+01:00 stdout P one\n2026-11-28T14:00:01.5+01:00 stdout F  two\n');
    const { bytes } = await read(file, { timestamps: true });
    expect(bytes.toString()).toBe('2026-11-28T13:00:00.5Z one2026-11-28T13:00:01.5Z  two\n');
    expect(timeInUtc('2026-11-28T14:00:00Z')).toBe('2026-11-28T14:00:00Z');
  });

  it('leaves out a record that conmon is still writing', async () => {
    expect((await read(Buffer.from(`${timeText(0)} stdout F one\n${timeText(1)} stdout F tw`), { tail: 1 })).bytes.toString()).toBe(
      'one\n',
    );
  });

  it('reports and bounds what is larger than the limit: the first bytes of all, the last lines otherwise', async () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => Buffer.from(`line ${index}\n`));
    const file = conmonFile([Buffer.concat(lines)]);
    const first = await read(file, {}, 1000);
    expect(first.truncated).toBe(true);
    expect(first.bytes.toString()).toMatch(/^line 0\nline 1\n[\s\S]*\n$/);
    const last = await read(file, { tail: 90_000 }, 1000);
    expect(last.truncated).toBe(true);
    expect(last.bytes.toString()).toMatch(/\nline 99998\nline 99999\n$/);
    expect(last.bytes.length).toBeLessThanOrEqual(1000);
  });

  it('returns the end of a line that is larger than the limit', async () => {
    const line = Array.from({ length: 40 }, () => Buffer.alloc(8192, 'x'));
    const { bytes, truncated } = await read(conmonFile([...line, Buffer.from('end\n')]), { tail: 1 }, 100_000);
    expect(truncated).toBe(true);
    expect(bytes.toString()).toMatch(/^x+end\n$/);
    const plain = await read(Buffer.concat([...line, Buffer.from('end\n')]), { tail: 1 }, 100_000, plainFormat);
    expect(plain.truncated).toBe(true);
    expect(plain.bytes.toString()).toMatch(/^x+end\n$/);
  });

  it('counts the times of the last lines to the limit', async () => {
    const count = 20_000;
    const lines = Array.from({ length: count }, (_, index) => Buffer.from(`line ${index}\n`));
    const maxBytes = count * 20;
    for (const wanted of [5000, count]) {
      const { bytes, truncated } = await read(conmonFile(lines), { tail: wanted, timestamps: true }, maxBytes);
      expect(truncated).toBe(wanted === count);
      expect(bytes.length).toBeLessThanOrEqual(maxBytes);
      expect(bytes.toString()).toMatch(/Z line 19998\n2026-11-28T\S+Z line 19999\n$/);
    }
  });

  it.each([1, 'all'] as const)('reads only a little more than the limit of a line that never ends: tail %s', async tail => {
    const path = join(folder, randomBytes(6).toString('hex'));
    writeFileSync(path, Buffer.alloc(64 * 1024 ** 2, 'x'));
    await using file = await open(path, 'r');
    const reads = vi.spyOn(file, 'read');
    const limit = 1024 ** 2;
    const { bytes, truncated } = await readLogFile(file, plainFormat, { tail, timestamps: false }, limit);
    expect(bytes.equals(Buffer.alloc(limit, 'x'))).toBe(true);
    expect(truncated).toBe(true);
    const results = await Promise.all(reads.mock.results.map(({ value }) => value));
    expect(results.reduce((sum, { bytesRead }) => sum + bytesRead, 0)).toBeLessThan(4 * limit);
  });

  it('skips bytes that are not records', async () => {
    const rubbish = Buffer.alloc(3 * 1024 ** 2);
    const file = Buffer.concat([conmonFile([Buffer.from('one\n')]), rubbish, Buffer.from('\n'), conmonFile([Buffer.from('two\n')])]);
    expect((await read(file, {})).bytes.toString()).toBe('one\ntwo\n');
    expect((await read(file, { tail: 2 })).bytes.toString()).toBe('one\ntwo\n');
    expect((await read(file, { since: timeNs(-1) })).bytes.toString()).toBe('one\ntwo\n');
  });
});
