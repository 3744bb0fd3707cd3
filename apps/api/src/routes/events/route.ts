import { basePath } from '../../context.ts';
import type { Route } from '../route.ts';
import { eventsQuery, readEvents } from './read-events.ts';

const started =
  '{"type":"container","action":"start","resource_id":"1f0c2a9b7d3e","name":"web","image":"docker.io/library/nginx:1.29","node":"local","time":"2026-01-05T09:30:00.000Z","exit_code":null,"health":null}';
const gap = '{"type":"gap","reason":"missed","node":"local","time":"2026-01-05T09:31:00.000Z"}';

/** The route of the fleet's events. */
export const eventsRoute: Route = {
  name: 'event.read',
  method: 'GET',
  path: `${basePath}/events`,
  summary: 'Streams the events of containers, images, networks and volumes on all nodes',
  description:
    'Streams events as they happen, until the client disconnects. Events of the last hour are stored, at most about 10,000: `since` and `Last-Event-ID` return those too.',
  scope: 'containers:read',
  query: eventsQuery,
  headers: { 'Last-Event-ID': 'The `id` of the last received event: the stream continues after it.' },
  responses: {
    200: {
      description:
        "Events `container`, `image`, `network` and `volume` with podman's name for the change as `action`; `gap` where some may be missing (`trimmed`: no longer stored, `missed`: a node could not record them); `ping` at the beginning and after ten seconds without an event; `error` at the end of a stream that fails.",
      body: {
        'text/event-stream': `id: 1767605400000-0\nevent: container\ndata: ${started}\n\nid: 1767605460000-0\nevent: gap\ndata: ${gap}\n\n`,
        'application/x-ndjson': `{"id":"1767605400000-0","event":"container",${started.slice(1)}\n`,
      },
    },
  },
  handle: readEvents,
};
