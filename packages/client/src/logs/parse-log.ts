/** A line that a container wrote, or a part of one. */
export interface LogRecord {
  /** RFC 3339, in any time zone, with up to nine digits of a second. */
  readonly timestamp: string;
  /** With its newline, unless the line goes on in the next record. */
  readonly text: string;
}

/** Timestamps as podman writes them: RFC 3339 with nanoseconds, without zeros at the end. */
const timestamps = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2}) /g;

/**
 * Splits a log with timestamps into records. If a container wrote a line in parts, podman puts a timestamp before each
 * part. A timestamp within a line that is earlier than its record's was written by the container, and is text.
 */
export function parseLog(log: string): LogRecord[] {
  const records: LogRecord[] = [];
  for (const line of log.split(/(?<=\n)/)) {
    const starts = findRecordStarts(line);
    for (const [index, { timestamp, textIndex }] of starts.entries()) {
      records.push({ timestamp, text: line.slice(textIndex, starts[index + 1]?.index) });
    }
  }
  return records;
}

interface RecordStart {
  readonly timestamp: string;
  /** Index of the timestamp in the line. */
  readonly index: number;
  /** Index of the text in the line. */
  readonly textIndex: number;
}

function findRecordStarts(line: string): RecordStart[] {
  const starts: RecordStart[] = [];
  for (const { 0: match, index } of line.matchAll(timestamps)) {
    const timestamp = match.trimEnd();
    const previous = starts.at(-1);
    const isStart = previous
      ? index > previous.textIndex && parseNanoseconds(timestamp) >= parseNanoseconds(previous.timestamp)
      : index === 0;
    if (isStart) starts.push({ timestamp, index, textIndex: index + match.length });
  }
  return starts;
}

/** Returns an RFC 3339 timestamp as nanoseconds since 1970. */
export function parseNanoseconds(timestamp: string): bigint {
  const fraction = /\.(\d+)/.exec(timestamp)?.[1] ?? '';
  const seconds = BigInt(Date.parse(timestamp.replace(/\.\d+/, ''))) * 1_000_000n;
  return seconds + BigInt(fraction.padEnd(9, '0'));
}

/** Formats nanoseconds since 1970 as seconds with nine decimals, which podman takes for `--since`. */
export function formatSince(nanoseconds: bigint): string {
  return `${nanoseconds / 1_000_000_000n}.${String(nanoseconds % 1_000_000_000n).padStart(9, '0')}`;
}
