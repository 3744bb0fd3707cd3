import { validationError } from '@podman-api/operations';

/** One event of a response that is a stream of events. */
export interface ResponseEvent {
  /** Position after the event, at which a reader can continue (`Last-Event-ID`); `''` if there is none yet. */
  readonly id: string | number;
  readonly event: string;
  /** A JSON object. */
  readonly data: object;
}

/** A media type of a stream of events. */
export interface EventFormat {
  /** The media type. */
  readonly type: string;
  encode(event: ResponseEvent): string;
}

/** Server-sent events (WHATWG HTML, 9.2), each with JSON as its data. */
export const eventStream: EventFormat = {
  type: 'text/event-stream',
  encode: ({ id, event, data }) => `${id === '' ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`,
};

/** One JSON object per line. */
export const jsonLines: EventFormat = {
  type: 'application/x-ndjson',
  encode: ({ id, event, data }) => `${JSON.stringify({ id, event, ...data })}\n`,
};

/**
 * Returns the format that a request prefers by its `Accept`.
 * @param formats the formats of the response; the first is the default
 * @throws ApiError (400) if `Accept` allows none of them
 */
export function chooseFormat<Format extends { readonly type: string }>(
  ctx: { accepts(...types: string[]): string | false },
  formats: readonly Format[],
): Format {
  const types = formats.map(({ type }) => type);
  const accepted = ctx.accepts(...types);
  const format = formats.find(({ type }) => type === accepted);
  if (format) return format;
  throw validationError([{ path: 'Accept', message: `Accept must allow one of ${types.join(', ')}` }]);
}
