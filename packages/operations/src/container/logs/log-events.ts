import type { FollowedBatch, FollowedRecord } from '@podman-api/podman';
import type { StreamEvent } from '../../operation.ts';

/** Position in a log: the last record that was read. It holds on every worker of the node, and after the log file was replaced. */
export interface LogPosition {
  /** Time of the record, in nanoseconds since 1970. */
  readonly timeNs: bigint;
  /** Number of records with this time that were read: records that conmon has read at once have the same time. */
  readonly count: number;
}

/** Parses the id of an event, `<nanoseconds>-<count>`. */
export function parsePosition(id: string): LogPosition {
  const [timeNs = '0', count = '0'] = id.split('-');
  return { timeNs: BigInt(timeNs), count: Number(count) };
}

/** Formats a position as the id of an event. */
export function formatPosition({ timeNs, count }: LogPosition): string {
  return `${timeNs}-${count}`;
}

/** Turns the records of a log into events. */
export interface LogEvents {
  /** Id of the last event; `''` if there is none yet. */
  readonly id: string;
  /** Returns the events of a batch: one for successive records of a stream, and `gap` where records may be missing. */
  toEvents(batch: FollowedBatch): readonly StreamEvent[];
}

/**
 * Creates the converter for one reader.
 * @param after the records up to this position are skipped; they must be the first ones that are taken
 */
export function createLogEvents(timestamps: boolean, after: LogPosition | undefined): LogEvents {
  let position = after;
  /** Number of records with the time of `after` that were found again; `undefined` once the first later record was found. */
  let found: number | undefined = after && 0;
  const decoders = { stdout: newDecoder(), stderr: newDecoder() };
  const isLineOpen = { stdout: false, stderr: false };
  const idOf = () => (position === undefined ? '' : formatPosition(position));
  const gap = (): StreamEvent => ({ id: idOf(), event: 'gap', data: {} });

  const textOf = ({ stream, time, bytes }: FollowedRecord): string => {
    const prefix = timestamps && !isLineOpen[stream] ? `${time} ` : '';
    isLineOpen[stream] = bytes.at(-1) !== newline;
    // A character may be split between two records.
    return prefix + decoders[stream].decode(bytes, { stream: true });
  };

  return {
    get id() {
      return idOf();
    },
    toEvents({ records, hasGap }) {
      const events: StreamEvent[] = hasGap ? [gap()] : [];
      let run: { readonly stream: FollowedRecord['stream']; text: string } | undefined;
      const endRun = () => {
        if (run && run.text !== '') events.push({ id: idOf(), event: run.stream, data: { text: run.text } });
        run = undefined;
      };
      for (const record of records) {
        if (after && found !== undefined) {
          if (record.timeNs < after.timeNs) continue;
          if (record.timeNs === after.timeNs && found < after.count) {
            found += 1;
            continue;
          }
          if (found < after.count) events.push(gap());
          found = undefined;
        }
        if (run?.stream !== record.stream) {
          endRun();
          run = { stream: record.stream, text: '' };
        }
        run.text += textOf(record);
        position = { timeNs: record.timeNs, count: position?.timeNs === record.timeNs ? position.count + 1 : 1 };
      }
      endRun();
      return events;
    },
  };
}

const newline = 0x0a;

function newDecoder(): TextDecoder {
  return new TextDecoder('utf-8', { ignoreBOM: true });
}
