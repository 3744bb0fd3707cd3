import { anyText, instant, listOf, part } from '@podman-api/operations';
import Joi from 'joi';
import { success } from '../answer/shapes.ts';
import { basePath } from '../context.ts';
import { type Health, health } from './health.ts';
import { jobRoutes } from './jobs/routes.ts';
import { metrics } from './metrics/figures.ts';
import { prometheus } from './metrics/prometheus.ts';
import { exampleFigures, figures } from './metrics/shape.ts';
import { nodeRoutes } from './nodes/routes.ts';
import type { Route, RouteAnswer } from './route.ts';

function healthAnswer(working: boolean, description: string, example: Health): RouteAnswer {
  const body = part({
    success: Joi.valid(working),
    status: Joi.valid(...(working ? ['healthy', 'degraded'] : ['unhealthy'])),
    podman: Joi.valid('connected', 'disconnected'),
    warnings: listOf(anyText())
      .optional()
      .description(
        'Why it is not healthy, and what is wrong with the settings of Redis; absent without a token where tokens are required.',
      ),
    timestamp: instant(),
  });
  return { description, body, example: { success: working, ...example } };
}

/** Every route that makes no job. A new one is an entry here, or in a list of its own noun. */
export const routes: readonly Route[] = [
  ...jobRoutes,
  ...nodeRoutes,
  {
    name: 'health.read',
    method: 'GET',
    path: `${basePath}/health`,
    summary: 'Whether the API can do its work',
    description: 'At once, and without a token.',
    scope: 'none',
    answers: {
      200: healthAnswer(true, 'It can; `degraded` if some workers cannot, a node is offline or a process gets too little CPU.', {
        status: 'healthy',
        podman: 'connected',
      }),
      503: healthAnswer(false, 'It cannot: Redis is unavailable, or no worker can run podman.', {
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
    summary: 'Figures of the whole fleet',
    description: "The uptime is the API process's.",
    scope: 'metrics',
    answers: { 200: { description: 'The figures.', body: success(figures), example: exampleFigures } },
    handle: metrics,
  },
  {
    name: 'metrics.prometheus',
    method: 'GET',
    path: '/metrics',
    summary: 'Figures for Prometheus',
    description:
      "The fleet's, which every API process tells alike, and this process's; while Redis is away the latter alone. docs/metrics.md lists them.",
    scope: 'metrics',
    answers: { 200: { description: 'The text format.', body: { 'text/plain': 'podman_api_redis_up 1\n' } } },
    handle: prometheus,
  },
];
