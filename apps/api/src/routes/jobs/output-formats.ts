import type { ErrorBody } from '@podman-api/errors';
import { exitCodeOf, type Outcome } from '@podman-api/jobs';

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

/** Server-sent events (WHATWG HTML, 9.2), each with JSON as its data. */
const eventStream: Format = {
  type: 'text/event-stream',
  output: (number, { stream, bytes }) => event(number, stream, { text: textOf(bytes) }),
  end: (number, outcome) => event(number, nameOf(outcome), dataOf(outcome)),
  error: (number, error) => event(number, 'error', bare(error)),
  ping: number => event(number, 'ping', {}),
};

/** One JSON object per line. */
const lines: Format = {
  type: 'application/x-ndjson',
  output: (number, { stream, bytes }) => line(number, stream, { text: textOf(bytes) }),
  end: (number, outcome) => line(number, nameOf(outcome), dataOf(outcome)),
  error: (number, error) => line(number, 'error', bare(error)),
  ping: number => line(number, 'ping', {}),
};

/** Only the bytes of stdout and stderr, in the order of their arrival. */
const plain: Format = {
  type: 'text/plain',
  output: (_number, { bytes }) => bytes,
  end: () => '',
  error: () => '',
  ping: () => '',
};

/** All formats; the first is the default. */
export const formats: readonly Format[] = [eventStream, lines, plain];

function event(number: number, name: string, data: object): string {
  return `id: ${number}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

function line(number: number, name: string, data: object): string {
  return `${JSON.stringify({ id: number, event: name, ...data })}\n`;
}

/** Returns the name of the last event: `exit` for a job that succeeded, else `error`. */
function nameOf({ status }: Outcome): string {
  return status === 'succeeded' ? 'exit' : 'error';
}

function dataOf(outcome: Outcome): object {
  const { status, error, output } = outcome;
  return { status, exit_code: exitCodeOf(outcome) ?? null, truncated: output?.truncated ?? false, ...(error && bare(error)) };
}

/** Removes podman's message, which may contain paths of the host, and the output, which is in the stream already. */
function bare({ podman: _podman, execution: _execution, ...error }: ErrorBody): object {
  return error;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
