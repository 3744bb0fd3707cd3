import { type EventPosition, eventTypes, type FleetEvent, type StoredEvent } from '@podman-api/cluster';
import type { ErrorBody } from '@podman-api/errors';
import { boundedText, logTime, nodeName, parseLogTime, validationError } from '@podman-api/operations';
import Joi from 'joi';
import type { RouteContext } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { readQuery } from '../../request/query.ts';
import { chooseFormat, eventStream, jsonLines } from '../../response/event-formats.ts';
import { type ItemStream, streamItems } from '../../response/stream-items.ts';

interface EventsQuery {
  readonly type?: (typeof eventTypes)[number];
  /** Name, or the beginning of an id. */
  readonly container?: string;
  readonly node?: string;
  readonly since?: string;
}

/** Schema of the query of `GET /events`. */
export const eventsQuery = Joi.object<EventsQuery>({
  type: Joi.string().valid(...eventTypes),
  container: boundedText(253).description('Name of a container, or the beginning of its id.'),
  node: nodeName(),
  since: logTime().description('Also stored events from this time on: RFC 3339, seconds since 1970, or an age such as `10m`.'),
});

/** Formats of the events; the first is the default. */
const formats = [eventStream, jsonLines];

/**
 * Handles `GET /events`: streams the events of podman on all nodes as they happen. `Last-Event-ID` continues after an event; an
 * event `gap` says that some may be missing.
 */
export function readEvents(parts: AppParts) {
  return async (ctx: RouteContext): Promise<void> => {
    const query = readQuery(ctx, eventsQuery);
    const position = positionOf(ctx.get('Last-Event-ID'), query.since);
    const format = chooseFormat(ctx, formats);
    let last = typeof position === 'object' && 'afterId' in position ? position.afterId : '';
    const stream: ItemStream<StoredEvent> = {
      type: format.type,
      open: signal => parts.events.read(position, signal),
      format({ id, event }) {
        last = id;
        // The first item confirms the connection, and has the position at which the stream begins.
        if (!event) return format.encode({ id, event: 'ping', data: {} });
        return isWanted(event, query) ? format.encode({ id, event: event.type, data: withoutFullId(event) }) : '';
      },
      ping: () => format.encode({ id: last, event: 'ping', data: {} }),
      error: ({ podman: _podman, ...error }: ErrorBody) => format.encode({ id: last, event: 'error', data: error }),
    };
    streamItems(ctx, parts, stream);
  };
}

function positionOf(lastEventId: string, since: string | undefined): EventPosition {
  if (lastEventId !== '') {
    if (/^\d{1,16}-\d{1,10}$/.test(lastEventId)) return { afterId: lastEventId };
    throw validationError([{ path: 'Last-Event-ID', message: 'Last-Event-ID must be the id of an event of this stream' }]);
  }
  const time = since === undefined ? undefined : parseLogTime(since, Date.now());
  return time === undefined ? 'next' : { sinceMs: Math.max(0, Number(time / 1_000_000n)) };
}

/** Leaves out the whole id, which other responses of the REST API do not have either. */
function withoutFullId(event: FleetEvent): object {
  if (event.type === 'gap') return event;
  const { full_id: _, ...rest } = event;
  return rest;
}

function isWanted(event: FleetEvent, { type, container, node }: EventsQuery): boolean {
  const isOnNode = node === undefined || event.node === null || event.node === node;
  if (event.type === 'gap') return isOnNode;
  const isOfContainer =
    container === undefined || (event.type === 'container' && (event.name === container || isPrefix(container, event.resource_id)));
  return isOnNode && isOfContainer && (type === undefined || event.type === type);
}

/** Whether a string is the beginning of an id, or the whole id of which an event has the beginning. */
function isPrefix(text: string, id: string): boolean {
  return /^[0-9a-f]{4,64}$/.test(text) && (id.startsWith(text) || text.startsWith(id));
}
