import type { FileHandle } from 'node:fs/promises';
import { type LogFormat, type LogRecord, parseTime, timeInUtc } from './log-format.ts';

/** Size of one read. */
const blockBytes = 256 * 1024;
/** A longer line of the file is read in pieces; conmon writes none of more than 9 KiB. */
const maxWholeLineBytes = 1024 * 1024;
const newline = 0x0a;

/** The part of a log to read. */
export interface LogQuery {
  /** Lines from the end, or `all`. A last line without a newline is a line. */
  readonly tail: number | 'all';
  /** Only records after this time, in nanoseconds since 1970. */
  readonly since?: bigint | undefined;
  /** Only records before this time, in nanoseconds since 1970. */
  readonly until?: bigint | undefined;
  /** Whether each record begins with its time, in UTC. */
  readonly timestamps: boolean;
}

/** Text of a log. */
export interface LogText {
  readonly bytes: Buffer;
  /** Whether `maxBytes` left something out: the beginning of the last lines, or the end of `all`. */
  readonly truncated: boolean;
}

/** A part of the file; both ends are the beginning of a record, or the end of the file. */
interface FileSection {
  readonly start: number;
  readonly end: number;
}

/** A record at its place in a block of the file. */
interface PlacedRecord extends LogRecord {
  /** Offsets of its line in `bytes`, without the newline. */
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a log file. The last lines cost no more in a large file than in a small one, and times are found by bisection.
 * @param maxBytes limit for the text
 */
export async function readLogFile(file: FileHandle, format: LogFormat, query: LogQuery, maxBytes: number): Promise<LogText> {
  const { tail, since, until, timestamps } = query;
  if (tail === 0) return { bytes: Buffer.alloc(0), truncated: false };
  const range = await findRange(file, format, since, until);
  if (tail === 'all') return readText(file, format, range, timestamps, maxBytes);
  const last = await findLastLines(file, format, range, { tail, timestamps, maxBytes });
  const text = await readText(file, format, { start: last.start, end: range.end }, timestamps, maxBytes);
  return { ...text, truncated: text.truncated || last.truncated };
}

/**
 * Returns the offset at which a reader of a log begins: the end of the file if the query names no record of it.
 * @param query `until` and `timestamps` do not count
 */
export async function findStart(file: FileHandle, format: LogFormat, { tail, since }: Pick<LogQuery, 'tail' | 'since'>): Promise<number> {
  const range = await findRange(file, format, since, undefined);
  if (tail === 'all') return range.start;
  if (tail === 0) return range.end;
  const limits = { tail, timestamps: false, maxBytes: Number.POSITIVE_INFINITY };
  return (await findLastLines(file, format, range, limits)).start;
}

async function findRange(file: FileHandle, format: LogFormat, since: bigint | undefined, until: bigint | undefined): Promise<FileSection> {
  const { size } = await file.stat();
  const start = since === undefined ? 0 : await findTime(file, format, size, time => time > since);
  const end = until === undefined ? size : await findTime(file, format, size, time => time >= until);
  return { start, end: Math.max(start, end) };
}

/** Returns the offset of the first record whose time satisfies a condition; records are in the order of their times. */
async function findTime(file: FileHandle, format: LogFormat, size: number, isReached: (time: bigint) => boolean): Promise<number> {
  let [low, high] = [0, size];
  while (high - low > blockBytes) {
    const middle = Math.floor((low + high) / 2);
    const next = await findTimedRecord(file, format, middle, high);
    if (next === undefined || isReached(next.time)) high = middle;
    else low = next.offset;
  }
  for await (const { bytes, offset, records } of readBlocks(file, format, { start: low, end: size })) {
    for (const record of records) {
      const time = timeOf(bytes, record);
      if (time !== undefined && isReached(time)) return offset + record.start;
    }
  }
  return size;
}

/** Returns the first record with a time that starts after an offset which may lie within a record. */
async function findTimedRecord(file: FileHandle, format: LogFormat, from: number, end: number) {
  const lineStart = await findNextLineStart(file, from, end);
  for await (const { bytes, offset, records } of readBlocks(file, format, { start: lineStart, end })) {
    for (const record of records) {
      const time = timeOf(bytes, record);
      if (time !== undefined) return { offset: offset + record.start, time };
    }
  }
  return undefined;
}

async function findNextLineStart(file: FileHandle, from: number, end: number): Promise<number> {
  for (let offset = from; offset < end; offset += blockBytes) {
    const index = (await readBytes(file, offset, Math.min(end, offset + blockBytes))).indexOf(newline);
    if (index >= 0) return offset + index + 1;
  }
  return end;
}

function timeOf(bytes: Buffer, { start, timeLength }: PlacedRecord): bigint | undefined {
  return timeLength === 0 ? undefined : parseTime(bytes.toString('latin1', start, start + timeLength));
}

/** Limits of the text that is returned from the end of a log. */
interface EndLimits {
  /** Lines. */
  readonly tail: number;
  readonly timestamps: boolean;
  readonly maxBytes: number;
}

/** Walks back from the end of a range until it has passed as many lines as are wanted, or as many bytes as there may be. */
async function findLastLines(file: FileHandle, format: LogFormat, range: FileSection, { tail, timestamps, maxBytes }: EndLimits) {
  let count = 0;
  let textBytes = 0;
  let start = range.end;
  let isLast = true;
  /** Of a single line that is longer than the limit, the end is returned. */
  const cutStart = Math.max(range.start, range.end - maxBytes);
  /** Bytes of a line whose beginning lies in the block before. */
  let carry: Buffer = Buffer.alloc(0);
  for (let end = range.end; end > range.start; end -= blockBytes) {
    const blockStart = Math.max(range.start, end - blockBytes);
    const bytes = Buffer.concat([await readBytes(file, blockStart, end), carry]);
    const isComplete = blockStart === range.start;
    // The first line is read with the block before, unless the range begins here.
    const first = isComplete ? 0 : bytes.indexOf(newline) + 1 || bytes.length;
    carry = Buffer.from(bytes.subarray(0, first));
    for (const record of [...findRecords(bytes, first, format)].reverse()) {
      // A last record that ends no line belongs to a line that is not finished yet.
      if (record.endsLine || isLast) count += 1;
      isLast = false;
      if (count > tail) return { start, truncated: false };
      textBytes += record.end - record.start - record.textStart + 1;
      // A time in UTC is at most as long as the one in the file.
      if (timestamps) textBytes += record.timeLength + 1;
      if (textBytes > maxBytes) return { start: start === range.end ? cutStart : start, truncated: true };
      start = blockStart + record.start;
    }
    if (carry.length > maxBytes) return { start: start === range.end ? cutStart : start, truncated: true };
  }
  return { start, truncated: false };
}

/** Formats the records of a range as text, up to a limit. */
async function readText(file: FileHandle, format: LogFormat, range: FileSection, timestamps: boolean, maxBytes: number): Promise<LogText> {
  const chunks: Buffer[] = [];
  let length = 0;
  /** Text of one block. */
  let text: Buffer = Buffer.alloc(0);
  for await (const { bytes, records } of readBlocks(file, format, range)) {
    // Each text with its time is shorter than its record.
    if (text.length < bytes.length) text = Buffer.allocUnsafe(bytes.length);
    let used = 0;
    for (const { start, end, textStart, timeLength, endsLine } of records) {
      const time = timestamps && timeLength > 0 ? `${timeInUtc(bytes.toString('latin1', start, start + timeLength))} ` : '';
      const size = time.length + end - start - textStart + (endsLine ? 1 : 0);
      if (length + used + size > maxBytes) {
        if (length + used === 0) used += bytes.copy(text, 0, start + textStart, Math.min(end, start + textStart + maxBytes));
        chunks.push(Buffer.from(text.subarray(0, used)));
        return { bytes: Buffer.concat(chunks), truncated: true };
      }
      used += text.write(time, used, 'latin1');
      used += bytes.copy(text, used, start + textStart, end);
      if (endsLine) used = text.writeUInt8(newline, used);
    }
    chunks.push(Buffer.from(text.subarray(0, used)));
    length += used;
  }
  return { bytes: Buffer.concat(chunks), truncated: false };
}

/**
 * Reads a range block by block; each block has whole lines, or a piece of a line that is too long for that. `offset` is where
 * the block is in the file.
 */
async function* readBlocks(file: FileHandle, format: LogFormat, { start, end }: FileSection) {
  let carry: Buffer = Buffer.alloc(0);
  for (let from = start; from < end; from += blockBytes) {
    const to = Math.min(end, from + blockBytes);
    const bytes = await readBytes(file, from, to, carry);
    const offset = from - carry.length;
    const isLast = to === end;
    const isPiece = bytes.length > maxWholeLineBytes && !bytes.includes(newline);
    const lineEnd = isLast || isPiece ? bytes.length : bytes.lastIndexOf(newline) + 1;
    carry = bytes.subarray(lineEnd);
    yield { bytes, offset, records: findRecords(bytes.subarray(0, lineEnd), 0, format) };
  }
}

/** Finds the records among whole lines. Bytes after the last newline are a record only if `format.hasUnfinishedLine` is true. */
function findRecords(bytes: Buffer, from: number, format: LogFormat): PlacedRecord[] {
  const records: PlacedRecord[] = [];
  let start = from;
  while (start < bytes.length) {
    const index = bytes.indexOf(newline, start);
    if (index < 0 && !format.hasUnfinishedLine) break;
    const end = index < 0 ? bytes.length : index;
    const record = format.parse(bytes, start, end);
    if (record) records.push({ ...record, endsLine: record.endsLine && index >= 0, start, end });
    start = end + 1;
  }
  return records;
}

/** Reads a part of the file. @param before bytes that are put before it */
async function readBytes(file: FileHandle, start: number, end: number, before: Buffer = Buffer.alloc(0)): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(before.length + end - start);
  before.copy(bytes);
  const { bytesRead } = await file.read(bytes, before.length, end - start, start);
  return bytes.subarray(0, before.length + bytesRead);
}
