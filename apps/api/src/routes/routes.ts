import { anyText, instant, listOf, part } from '@podman-api/operations';
import Joi from 'joi';
import { basePath } from '../context.ts';
import { success } from '../response/shapes.ts';
import { eventsRoute } from './events/route.ts';
import { health, type ServiceHealth } from './health.ts';
import { jobRoutes } from './jobs/routes.ts';
import { metrics } from './metrics/fleet-report.ts';
import { prometheus } from './metrics/prometheus.ts';
import { exampleFleetReport, fleetReportFields } from './metrics/shape.ts';
import { nodeRoutes } from './nodes/routes.ts';
import { poolRoutes } from './pools/routes.ts';
import type { Route, RouteResponse } from './route.ts';
import { runRoutes } from './runs/routes.ts';
import { ticketRoute } from './tickets/route.ts';
import { tokenRoutes } from './tokens/routes.ts';

function healthResponse(working: boolean, description: string, example: ServiceHealth): RouteResponse {
  const body = part({
    success: Joi.valid(working),
    status: Joi.valid(...(working ? ['healthy', 'degraded'] : ['unhealthy'])),
    podman: Joi.valid('connected', 'disconnected'),
    warnings: listOf(anyText())
      .optional()
      .description(
        'Reasons why the status is not `healthy`, and warnings about settings of Redis; absent without a token if tokens are required.',
      ),
    timestamp: instant(),
  });
  return { description, body, example: { success: working, ...example } };
}

/** All routes that create no job. */
export const routes: readonly Route[] = [
  ...jobRoutes,
  ...nodeRoutes,
  ...poolRoutes,
  ...runRoutes,
  eventsRoute,
  ...tokenRoutes,
  ticketRoute,
  {
    name: 'health.read',
    method: 'GET',
    path: `${basePath}/health`,
    summary: 'Returns whether the API can run jobs',
    description: 'Answers at once. Needs no token.',
    scope: 'none',
    responses: {
      200: healthResponse(
        true,
        'Jobs can run; `degraded` if something needs attention, such as an offline node: `warnings` has the reasons.',
        {
          status: 'healthy',
          podman: 'connected',
        },
      ),
      503: healthResponse(false, 'No job can run: Redis is unavailable or full, or no worker can run podman.', {
        status: 'unhealthy',
        podman: 'disconnected',
      }),
    },
    handle: health,
  },
  {
    name: 'metrics.read',
    method: 'GET',
    path: `${basePath}/metrics`,
    summary: 'Returns figures of the whole fleet',
    description: 'The uptime is that of the API process.',
    scope: 'metrics',
    responses: { 200: { description: 'The figures.', body: success(fleetReportFields), example: exampleFleetReport } },
    handle: metrics,
  },
  {
    name: 'metrics.prometheus',
    method: 'GET',
    path: '/metrics',
    summary: 'Returns the metrics for Prometheus',
    description:
      'Metrics of the fleet, which are the same from every API process, and of this process; only the latter while Redis is unavailable. docs/observability.md lists them.',
    scope: 'metrics',
    responses: { 200: { description: 'The text format.', body: { 'text/plain': 'podman_api_redis_up 1\n' } } },
    handle: prometheus,
  },
];
