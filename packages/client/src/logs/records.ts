/** A piece of a log as the container wrote it: a line, or a part of one. */
export interface LogRecord {
  /** RFC 3339, in UTC or another zone, with up to nine digits of a second. */
  readonly stamp: string;
  /** With its newline, where it ended a line. */
  readonly text: string;
}

/** How podman writes a time: RFC 3339 with nanoseconds, zeros at the end left out. */
const stamps = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2}) /g;

/**
 * Takes a log with timestamps apart. A line that a container wrote in parts has a stamp before each part, so a stamp may
 * stand within a line; one that the container itself wrote there is told by its time, which is before the part's own.
 */
export function recordsOf(log: string): LogRecord[] {
  const records: LogRecord[] = [];
  for (const line of log.split(/(?<=\n)/)) {
    const starts = startsIn(line);
    for (const [index, { stamp, from }] of starts.entries()) records.push({ stamp, text: line.slice(from, starts[index + 1]?.at) });
  }
  return records;
}

/** Where records start in a line: `at` with the stamp, `from` behind it. */
function startsIn(line: string): { stamp: string; at: number; from: number }[] {
  const starts: { stamp: string; at: number; from: number }[] = [];
  for (const { 0: found, index } of line.matchAll(stamps)) {
    const stamp = found.trimEnd();
    const before = starts.at(-1);
    const isStart = before ? index > before.from && nanoseconds(stamp) >= nanoseconds(before.stamp) : index === 0;
    if (isStart) starts.push({ stamp, at: index, from: index + found.length });
  }
  return starts;
}

/** A stamp as nanoseconds since 1970. */
export function nanoseconds(stamp: string): bigint {
  const fraction = /\.(\d+)/.exec(stamp)?.[1] ?? '';
  const whole = BigInt(Date.parse(stamp.replace(/\.\d+/, ''))) * 1_000_000n;
  return whole + BigInt(fraction.padEnd(9, '0'));
}

/** Seconds since 1970, with their fraction, of nanoseconds: what podman takes for a `since`. */
export function sinceText(time: bigint): string {
  return `${time / 1_000_000_000n}.${String(time % 1_000_000_000n).padStart(9, '0')}`;
}
