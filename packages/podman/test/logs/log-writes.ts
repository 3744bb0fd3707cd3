import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images, testPodman, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogQuery } from '../../src/logs/log-file.ts';
import { parseTime } from '../../src/logs/log-format.ts';

const podman = testPodman();
const maxBytes = 64 * 1024 ** 2;
const maxLineBytes = 1024 ** 2;

/** A write of a container's main process. */
interface Write {
  readonly stream: 'out' | 'err';
  readonly bytes: Buffer;
  /** Whether conmon logs it before the next write starts. */
  readonly isSettled: boolean;
}

const shortText = fc
  .constantFrom('one\n', 'two\r\n', '\n', '\r\n', 'no newline', 'a\nb\nc', '\0\0\n', ' \n', ' ', '\ufeffü€😀\n')
  .map(Buffer.from);
/** Output that looks like a record of the log itself. */
const imitation = fc
  .constantFrom('2026-11-28T12:00:00.000000000+00:00 stdout F x\n', 'stderr P ', '2026-11-28T12:00:00Z ')
  .map(Buffer.from);
const anyBytes = fc.uint8Array({ minLength: 1, maxLength: 300 }).map(bytes => Buffer.from(bytes));
const longLine = fc
  .tuple(fc.oneof(fc.integer({ min: 0, max: maxLineBytes }), fc.constantFrom(8191, 8192, 8193, 16_384, 262_144)), fc.boolean())
  .map(([length, isFinished]) => Buffer.from(`${'0123456789'.repeat(Math.ceil(length / 10)).slice(0, length)}${isFinished ? '\n' : ''}`));
const manyLines = fc
  .integer({ min: 2, max: 20_000 })
  .map(count => Buffer.from(Array.from({ length: count }, (_, at) => `line ${at}\n`).join('')));

const writes: fc.Arbitrary<Write[]> = fc.array(
  fc.record({
    stream: fc.constantFrom('out' as const, 'err' as const),
    bytes: fc.oneof(
      { weight: 6, arbitrary: shortText },
      { weight: 1, arbitrary: imitation },
      { weight: 3, arbitrary: anyBytes },
      { weight: 2, arbitrary: longLine },
      { weight: 1, arbitrary: manyLines },
    ),
    isSettled: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

/** Writes each file that appears in the folder `/w` to the stream that it is named after, in their order. */
const script = `i=0
while :; do
  until [ -e /w/$i.out ] || [ -e /w/$i.err ] || [ -e /w/end ]; do usleep 5000; done
  if [ -e /w/$i.out ]; then cat /w/$i.out; elif [ -e /w/$i.err ]; then cat /w/$i.err >&2; else exit 0; fi
  : >/w/$i.done
  i=$((i + 1))
done`;

/** A record of the log file. */
interface LoggedRecord {
  readonly time: string;
  /** The text, with the newline if it ends a line; one character per byte. */
  readonly text: string;
}

/** A container whose main process writes the texts that the test sends. */
class Writer {
  readonly name = uniqueContainerName();
  readonly #folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
  #logPath = '';
  #count = 0;
  #written = '';

  async start(): Promise<void> {
    const flags = ['--detach', `--name=${this.name}`, '--network=none', '--log-driver=k8s-file', `--volume=${this.#folder}:/w`];
    await podman.run(['run', ...flags, '--', images.busybox, 'sh', '-c', script]);
    this.#logPath = (await podman.run(['container', 'inspect', '--format={{.HostConfig.LogConfig.Path}}', '--', this.name])).trim();
  }

  /** All that has been written; one character per byte. */
  get written(): string {
    return this.#written;
  }

  async write({ stream, bytes }: Write): Promise<void> {
    const path = join(this.#folder, `${this.#count}.${stream}`);
    writeFileSync(`${path}.draft`, bytes);
    renameSync(`${path}.draft`, path);
    const done = join(this.#folder, `${this.#count}.done`);
    await until(() => existsSync(done));
    this.#count += 1;
    this.#written += bytes.toString('latin1');
  }

  /** Resolves once conmon has logged as much as was written. */
  async settle(): Promise<void> {
    await until(() => textOf(this.records()).length >= this.#written.length);
  }

  /** The log file, read in the simplest way. */
  records(): readonly LoggedRecord[] {
    const lines = readFileSync(this.#logPath, 'latin1').split('\n').slice(0, -1);
    return lines.map(line => {
      const [, time = '', tag, text = ''] = /^(\S+) std(?:out|err) ([FP]) ([\s\S]*)$/.exec(line) ?? [];
      return { time, text: tag === 'F' ? `${text}\n` : text };
    });
  }

  async end(): Promise<void> {
    writeFileSync(join(this.#folder, 'end'), '');
    await podman.run(['wait', '--', this.name]);
  }

  async remove(): Promise<void> {
    await podman.run(['rm', '--force', '--time=0', '--', this.name]);
    rmSync(this.#folder, { recursive: true });
  }
}

const textOf = (records: readonly LoggedRecord[]) => records.map(({ text }) => text).join('');

/** Adds the time to each record, in UTC as `Z`; the tests' hosts may be in another zone. */
function timedTextOf(records: readonly LoggedRecord[]): string {
  return records.map(({ time, text }) => `${convertToUtc(time)} ${text}`).join('');
}

function convertToUtc(time: string): string {
  const [, decimals = ''] = /\.(\d+)/.exec(time) ?? [];
  return `${new Date(time).toISOString().slice(0, 19)}.${decimals}Z`;
}

/** The records of the last lines; a record that ends no line is a part of the next one's line. */
function takeLastLines(records: readonly LoggedRecord[], count: number): readonly LoggedRecord[] {
  const ends = records.flatMap(({ text }, index) => (text.endsWith('\n') || index === records.length - 1 ? [index] : []));
  const before = ends.at(-count - 1);
  if (count === 0) return [];
  return ends.length <= count || before === undefined ? records : records.slice(before + 1);
}

/** Compares the text that is read from a log with the text that was written, for all kinds of queries. */
async function expectReads(writer: Writer, tails: readonly number[], timeAt: readonly [number, number]): Promise<void> {
  const records = writer.records();
  expect(textOf(records) === writer.written).toBe(true);
  const [since, until] = timeAt.map(share => parseTime(records[Math.floor(share * records.length)]?.time ?? ''));
  if (since === undefined || until === undefined) throw new Error('The log has a record without a time.');
  const ranges = [{}, { since }, { until }, { since, until }];
  const queries = ranges.flatMap(range =>
    [false, true].flatMap(timestamps => ['all' as const, ...tails].map((tail): LogQuery => ({ ...range, tail, timestamps }))),
  );
  await Promise.all(
    queries.map(async query => {
      const { bytes, truncated } = await podman.logs(writer.name, query, maxBytes);
      const inRange = records.filter(({ time }) => {
        const at = parseTime(time) ?? 0n;
        return at > (query.since ?? -1n) && at < (query.until ?? at + 1n);
      });
      const wanted = query.tail === 'all' ? inRange : takeLastLines(inRange, query.tail);
      const expected = query.timestamps ? timedTextOf(wanted) : textOf(wanted);
      const hint = `tail ${query.tail}, since ${query.since}, until ${query.until}, timestamps ${query.timestamps}`;
      expect({ isSame: bytes.toString('latin1') === expected, truncated }, hint).toEqual({ isSame: true, truncated: false });
    }),
  );
}

/**
 * Defines a test that compares the logs of containers with what their main process wrote, while it runs and after its end.
 * @param defaultRuns how many containers; the variable LOG_TRIES overrides it
 */
export function describeLogWrites(defaultRuns: number): void {
  const numRuns = Number(process.env['LOG_TRIES'] ?? defaultRuns);
  const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  describe('Podman.logs', () => {
    it(`returns what a container wrote: ${numRuns} generated containers`, async () => {
      await fc.assert(
        fc.asyncProperty(writes, fc.nat(30_000), share, share, async (generated, tail, sinceAt, untilAt) => {
          const writer = new Writer();
          await writer.start();
          try {
            const half = Math.ceil(generated.length / 2);
            for (const [index, write] of generated.entries()) {
              // Conmon reads the two streams in any order if both hold something.
              if (generated[index - 1]?.isSettled || generated[index - 1]?.stream !== write.stream) await writer.settle();
              await writer.write(write);
              if (index + 1 !== half) continue;
              await writer.settle();
              if (writer.written !== '') await expectReads(writer, [1, tail], [sinceAt, untilAt]);
            }
            await writer.settle();
            await writer.end();
            if (writer.written !== '') await expectReads(writer, [0, 1, 2, tail], [sinceAt, untilAt]);
          } finally {
            await writer.remove();
          }
        }),
        { numRuns, endOnFailure: true },
      );
    });
  });
}
