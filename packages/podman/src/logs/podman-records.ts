import type { FollowedRecord } from './follow-file.ts';
import { parseTime, timeInUtc } from './log-format.ts';

/** Times as podman writes them with `--timestamps`: RFC 3339 with nanoseconds. */
const times = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2}) /g;

/** A record of `podman logs --timestamps`, without the stream that it came from. */
export type PodmanRecord = Omit<FollowedRecord, 'stream'>;

/**
 * Splits a line of `podman logs --timestamps` into records. If a container wrote the line in parts, podman puts a time before each
 * part. A time within the line that is earlier than its record's was written by the container, and is text.
 * @param line with its newline, if it has one
 * @returns an empty list for a line that does not begin with a time, which podman itself has written
 */
export function splitRecords(line: Buffer): readonly PodmanRecord[] {
  const starts: (Omit<PodmanRecord, 'bytes'> & { readonly index: number; readonly textIndex: number })[] = [];
  // One character for each byte, so that indexes are offsets.
  for (const { 0: match, index } of line.toString('latin1').matchAll(times)) {
    const time = timeInUtc(match.trimEnd());
    const timeNs = parseTime(time);
    const previous = starts.at(-1);
    const isStart = previous ? index > previous.textIndex && timeNs !== undefined && timeNs >= previous.timeNs : index === 0;
    if (isStart && timeNs !== undefined) starts.push({ time, timeNs, index, textIndex: index + match.length });
  }
  return starts.map(({ time, timeNs, textIndex }, at) => ({ time, timeNs, bytes: line.subarray(textIndex, starts[at + 1]?.index) }));
}
