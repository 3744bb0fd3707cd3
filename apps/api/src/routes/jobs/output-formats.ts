import type { ErrorBody } from '@podman-api/errors';
import { exitCodeOf, type Outcome } from '@podman-api/jobs';
import { type EventFormat, eventStream, jsonLines } from '../../response/event-formats.ts';

interface Chunk {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Uint8Array;
}

/** Format of a job's output. The numbers let a reader continue after a disconnect (`Last-Event-ID`). */
export interface Format {
  /** The media type. */
  readonly type: string;
  output(number: number, chunk: Chunk): string | Uint8Array;
  end(number: number, outcome: Outcome): string;
  error(number: number, error: ErrorBody): string;
  ping(number: number): string;
}

/** Writes the output as events. */
function asEvents({ type, encode }: EventFormat): Format {
  return {
    type,
    output: (id, { stream, bytes }) => encode({ id, event: stream, data: { text: textOf(bytes) } }),
    end: (id, outcome) => encode({ id, event: nameOf(outcome), data: dataOf(outcome) }),
    error: (id, error) => encode({ id, event: 'error', data: omitDetails(error) }),
    ping: id => encode({ id, event: 'ping', data: {} }),
  };
}

/** Only the bytes of stdout and stderr, in the order of their arrival. */
const plain: Format = {
  type: 'text/plain',
  output: (_number, { bytes }) => bytes,
  end: () => '',
  error: () => '',
  ping: () => '',
};

/** All formats; the first is the default. */
export const formats: readonly Format[] = [asEvents(eventStream), asEvents(jsonLines), plain];

/** Returns the name of the last event: `exit` for a job that succeeded, else `error`. */
function nameOf({ status }: Outcome): string {
  return status === 'succeeded' ? 'exit' : 'error';
}

function dataOf(outcome: Outcome): object {
  const { status, error, output } = outcome;
  return { status, exit_code: exitCodeOf(outcome) ?? null, truncated: output?.incomplete ?? false, ...(error && omitDetails(error)) };
}

/** Removes podman's message, which may contain paths of the host, and the output, which is in the stream already. */
function omitDetails({ podman: _podman, execution: _execution, ...error }: ErrorBody): object {
  return error;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
