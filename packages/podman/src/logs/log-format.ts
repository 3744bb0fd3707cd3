/** Offsets of the parts of one line of a log file. */
export interface LogRecord {
  /** Whether the text ends a line of the container's output; otherwise the next record continues with the line. */
  readonly endsLine: boolean;
  /** Offset of the text in the line. */
  readonly textStart: number;
  /** Length of the time at the start of the line; 0 if the format has none. */
  readonly timeLength: number;
}

/** Format of a log file, which has one record per line. */
export interface LogFormat {
  /** Whether bytes after the last newline are a record. In conmon's files they are not: conmon is still writing that record. */
  readonly hasUnfinishedLine: boolean;
  /** Reads the line from `start` to `end` (without its newline); `undefined` if it is not a record. */
  parse(bytes: Buffer, start: number, end: number): LogRecord | undefined;
}

const space = 0x20;
const full = 'F'.charCodeAt(0);
const partial = 'P'.charCodeAt(0);
/** `2026-11-28T13:18:31Z` and `2026-11-28T13:18:31.668838571+00:00`. */
const minTimeLength = 20;
const maxTimeLength = 35;
/** ` stdout F ` */
const tagLength = 10;

/**
 * The files of podman's log drivers `k8s-file` and `json-file`, as conmon writes them: `<time> stdout F <text>`. `P` in place
 * of `F` marks a part of a line: conmon writes one for every read of up to 8 KiB that ends without a newline.
 */
export const conmonFormat: LogFormat = {
  hasUnfinishedLine: false,
  parse(bytes, start, end) {
    const timeLength = bytes.subarray(start, Math.min(end, start + maxTimeLength + 1)).indexOf(space);
    const textStart = timeLength + tagLength;
    if (timeLength < minTimeLength || start + textStart > end) return undefined;
    const tag = bytes[start + textStart - 2];
    if ((tag !== full && tag !== partial) || bytes[start + textStart - 1] !== space) return undefined;
    return { endsLine: tag === full, textStart, timeLength };
  },
};

/** The output of `podman logs`. */
export const plainFormat: LogFormat = {
  hasUnfinishedLine: true,
  parse: () => ({ endsLine: true, textStart: 0, timeLength: 0 }),
};

const timePattern = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;

/** Reads a record's time as nanoseconds since 1970; `undefined` if it is not RFC 3339. */
export function parseTime(text: string): bigint | undefined {
  const [, seconds, decimals = '', zone] = timePattern.exec(text) ?? [];
  if (seconds === undefined) return undefined;
  const ms = Date.parse(`${seconds}${zone}`);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000_000n + BigInt(decimals.padEnd(9, '0'));
}

/** Writes a record's time in UTC, as podman does on a host in UTC. */
export function timeInUtc(text: string): string {
  const [, seconds, decimals, zone] = timePattern.exec(text) ?? [];
  if (seconds === undefined) return text;
  const whole = zone === 'Z' || zone === '+00:00' ? seconds : new Date(`${seconds}${zone}`).toISOString().slice(0, 19);
  return `${whole}${decimals === undefined ? '' : `.${decimals}`}Z`;
}
