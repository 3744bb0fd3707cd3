import type { DispatchedJob } from '@podman-api/cluster';
import { ApiError, type ErrorBody, invalidField, toApiError } from '@podman-api/errors';
import type { OpenedChannel } from '@podman-api/jobs';
import { type Operation, type StreamEvent, type StreamVariant, validationError } from '@podman-api/operations';
import type { RouteContext } from '../../context.ts';
import { pathParameters } from '../../openapi/names.ts';
import type { AppParts } from '../../parts.ts';
import type { Preferences } from '../../request/prefer.ts';
import { chooseFormat, type EventFormat, eventStream, jsonLines } from '../../response/event-formats.ts';
import { streamItems } from '../../response/stream-items.ts';
import { resultOf } from './outcome.ts';
import { startTransfer, type TransferRequest } from './start-transfer.ts';
import { awaitOutcome, readFirstFrame } from './transfer.ts';

/** The text of the events alone. */
const plain: EventFormat = {
  type: 'text/plain',
  encode: ({ data }) => ('text' in data && typeof data.text === 'string' ? data.text : ''),
};

/** Returns the media types of a stream; the first is the default. */
export function streamTypes(stream: StreamVariant): readonly string[] {
  return formatsOf(stream).map(({ type }) => type);
}

/** Writes an event in a media type of `streamTypes`, for examples. */
export function writeExample(stream: StreamVariant, type: string): string {
  const format = formatsOf(stream).find(candidate => candidate.type === type);
  return stream.example.map(event => format?.encode(event) ?? '').join('');
}

function formatsOf({ hasText }: StreamVariant): readonly EventFormat[] {
  return hasText ? [eventStream, jsonLines, plain] : [eventStream, jsonLines];
}

/** Whether a validated input asks for the stream of an operation. */
export function isRequested({ flag }: StreamVariant, input: object): boolean {
  return Object.entries(input).some(([name, value]) => name === flag && value === true);
}

/**
 * Responds with the events that a job sends, as fast as they are read: a job whose reader is slow has to wait. The job ends with the
 * connection.
 * @throws ApiError if the job fails before it has accepted the request
 */
export async function streamEvents(
  ctx: RouteContext,
  parts: AppParts,
  stream: StreamVariant,
  input: object,
  prefer: Preferences,
  requestedNode: string | undefined,
): Promise<void> {
  if (prefer.respondAsync) throw invalidField('Prefer', `Prefer: respond-async is not possible with ${stream.flag}=true.`);
  const format = chooseFormat(ctx, formatsOf(stream));
  const { operation } = stream;
  refuseOtherFields(stream, input);
  const open = await readFirstEvents(ctx, parts, operation, { input, prefer, requestedNode });
  let lastId = '';
  streamItems<StreamEvent>(ctx, parts, {
    type: format.type,
    open,
    format(event) {
      if (event.id !== '') lastId = event.id;
      return format.encode(event);
    },
    ping: () => format.encode({ id: lastId, event: 'ping', data: {} }),
    error: ({ podman: _podman, ...error }: ErrorBody) => format.encode({ id: lastId, event: 'error', data: error }),
  });
}

/**
 * Submits the job of a stream, and waits for its first message. The job ends with the connection.
 * @returns the function that yields its events, to be called once
 * @throws ApiError if the job fails before it has accepted the request
 */
export async function readFirstEvents(
  ctx: RouteContext,
  parts: AppParts,
  operation: Operation,
  request: TransferRequest,
): Promise<() => AsyncGenerator<StreamEvent>> {
  const transfer = startTransfer(ctx, parts, operation, request);
  try {
    const { open, frame } = await readFirstFrame(operation, transfer);
    return () => readEvents(operation, open, frame?.message, transfer.run);
  } catch (error) {
    transfer.cancel();
    throw error;
  }
}

/** @throws ApiError (400) for fields that only the operation without a stream has */
function refuseOtherFields({ flag, operation }: StreamVariant, input: object): void {
  const allowed = [...operation.query, ...pathParameters(operation.path), ...Object.keys(operation.headers ?? {})];
  const others = Object.keys(input).filter(name => !allowed.includes(name));
  if (others.length === 0) return;
  throw validationError(others.map(name => ({ path: name, message: `${name} cannot be used with ${flag}=true` })));
}

/** Yields the events of a job. @throws ApiError if the job fails, or the channel breaks */
async function* readEvents(
  operation: Operation,
  channel: OpenedChannel,
  first: unknown,
  run: Promise<DispatchedJob>,
): AsyncGenerator<StreamEvent> {
  let failure: unknown;
  // A job that fails does not end its channel.
  run
    .then(({ id, outcome }) => outcome && resultOf(operation, id, outcome))
    .catch((error: unknown) => {
      failure = explainFailure(error);
      return channel.close();
    })
    .catch(() => {});
  try {
    yield* eventsOf(first);
    for (let frame = await channel.read(); frame; frame = await channel.read()) yield* eventsOf(frame.message);
  } catch (error) {
    throw failure ?? error;
  }
  await awaitOutcome(run);
}

/** Another worker can continue the stream of one that has died, so the reader may open it again. */
function explainFailure(error: unknown): ApiError {
  const apiError = toApiError(error);
  const isOfDeadWorker = apiError.fields.job?.status === 'unknown';
  return isOfDeadWorker ? new ApiError('ServiceUnavailableError', 'The worker of the node has died: open the stream again.') : apiError;
}

/** Returns the events of a message. @throws Error if the worker has sent something else */
function eventsOf(message: unknown): readonly StreamEvent[] {
  const events = typeof message === 'object' && message !== null && 'events' in message ? message.events : undefined;
  if (!Array.isArray(events)) throw new Error('the worker sent a message without events');
  return events.map(toEvent);
}

function toEvent(value: unknown): StreamEvent {
  if (typeof value === 'object' && value !== null && 'id' in value && 'event' in value && 'data' in value) {
    const { id, event, data } = value;
    if (typeof id === 'string' && typeof event === 'string' && typeof data === 'object' && data !== null) return { id, event, data };
  }
  throw new Error('the worker sent a malformed event');
}
