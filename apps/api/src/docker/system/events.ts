import type { EventPosition, FleetEvent, NodeEvent } from '@podman-api/cluster';
import { ApiError } from '@podman-api/errors';
import { dockerNetworkName, parseLogTime } from '@podman-api/operations';
import { hasScope, missingScope } from '../../request/scope.ts';
import { streamItems } from '../../response/stream-items.ts';
import { type Filters, readFilters } from '../filters.ts';
import { type DockerRequest, type DockerRoute, queryText } from '../route.ts';
import { createLabelReader, EventLabels, type Labels } from './event-labels.ts';

/** Docker's names for podman's events; the others are the same. */
const actions: Readonly<Record<string, string>> = { died: 'die', remove: 'destroy' };
/** Docker's names for podman's events of images, networks and volumes. */
const otherActions: Readonly<Record<string, string>> = { remove: 'delete' };

/** Weight of the label filter of a stream, in addition to the stream itself: a token can have 50 such streams. */
const labelFilterWeight = 19;

/** Streams the events of all nodes, a line of JSON each, until the client disconnects or the time `until` is reached. */
export const readEvents: DockerRoute = {
  method: 'GET',
  path: '/events',
  handle(request) {
    const { ctx, parts } = request;
    if (!hasScope(ctx, 'containers:read')) throw missingScope(ctx, 'containers:read');
    const session = ctx.state.dockerSession;
    const filters = readFilters(request, ['type', 'container', 'event', 'image', 'network', 'volume', 'label', 'scope', 'daemon']);
    const labels = filters['label'] && new EventLabels(createLabelReader(request), filters['label']);
    // Such a stream inspects each container that has an event.
    if (labels) parts.streams.add(ctx, labelFilterWeight);
    const untilMs = readTime(request, 'until');
    const position = readPosition(request, untilMs);
    streamItems(ctx, parts, {
      type: 'application/json',
      async *open(signal): AsyncGenerator<{ readonly event?: NodeEvent; readonly labels?: Labels | undefined }> {
        for await (const { event } of parts.events.read(position, signal, untilMs)) {
          if (!event || !isWanted(event, filters) || (session?.node ?? event.node) !== event.node) yield {};
          // Skipped, and not the end: events of another node, with earlier times, may follow.
          else if (untilMs !== undefined && Date.parse(event.time) > untilMs) yield {};
          else {
            const containerLabels = labels && (await labels.match(event));
            yield labels && !containerLabels ? {} : { event, labels: containerLabels };
          }
        }
      },
      format: ({ event, labels: containerLabels }) => (event ? `${JSON.stringify(toDocker(event, containerLabels))}\n` : ''),
      // White space between two values belongs to neither of them, and keeps the connection open.
      ping: () => '\n',
      error: ({ message }) => `${JSON.stringify({ message })}\n`,
    });
    // Clients wait for the headers before they cause the events that they want to see.
    ctx.flushHeaders();
  },
};

/** With `until`, Docker returns stored events even without `since`. */
function readPosition(request: DockerRequest, untilMs: number | undefined): EventPosition {
  const sinceMs = readTime(request, 'since') ?? (untilMs === undefined ? undefined : 0);
  return sinceMs === undefined ? 'next' : { sinceMs };
}

/** Returns a time in ms since 1970. @throws ApiError (400) */
function readTime(request: DockerRequest, name: string): number | undefined {
  const text = queryText(request, name);
  if (text === undefined || text === '0') return undefined;
  const time = parseLogTime(text, Date.now());
  if (time === undefined) throw new ApiError('ValidationError', `${name} must be a time in RFC 3339, or seconds since 1970.`);
  return Math.max(0, Number(time / 1_000_000n));
}

function actionOf({ type, action, health }: NodeEvent): string {
  if (action === 'health_status') return `health_status: ${health}`;
  return (type === 'container' ? actions : otherActions)[action] ?? action;
}

function isWanted(event: FleetEvent, filters: Filters): event is NodeEvent {
  if (event.type === 'gap') return false;
  const has = (name: string, matches: (value: string) => boolean) => filters[name]?.some(matches) ?? true;
  const isNamed = (value: string) =>
    value === event.name || (event.full_id !== '' && /^[0-9a-f]{4,64}$/.test(value) && event.full_id.startsWith(value));
  const ofType = (type: NodeEvent['type']) => filters[type] === undefined || (event.type === type && has(type, isNamed));
  return (
    has('type', type => type === event.type) &&
    has('event', wanted => actionOf(event).split(':')[0] === wanted.split(':')[0]) &&
    ofType('container') &&
    ofType('network') &&
    ofType('volume') &&
    has('image', image => event.image === image || (event.type === 'image' && isNamed(image)))
  );
}

function toDocker(event: NodeEvent, labels: Labels = {}): object {
  const { type, name, image, exit_code: exitCode, node } = event;
  const timeMs = Date.parse(event.time);
  const action = actionOf(event);
  const id = event.full_id || dockerNetworkName(name);
  const attributes = { ...labels, name, node, ...(image !== null && { image }), ...(exitCode !== null && { exitCode: String(exitCode) }) };
  return {
    ...(type === 'container' && { status: action, id, ...(image !== null && { from: image }) }),
    Type: type,
    Action: action,
    Actor: { ID: id, Attributes: attributes },
    scope: 'local',
    time: Math.floor(timeMs / 1000),
    timeNano: timeMs * 1e6,
  };
}
