import type { Fleet, WorkerReport } from '@podman-api/queue';
import type { RouteContext } from '../context.ts';
import type { AppParts } from '../parts.ts';

type HealthStatus = 'healthy' | 'degraded' | 'unhealthy';

export interface Health {
  readonly status: HealthStatus;
  readonly podman: 'connected' | 'disconnected';
}

/**
 * `GET /health`: from what the workers told last. It asks nobody, and so answers at once. Who sends no token where one
 * is wanted elsewhere learns no more than the state.
 */
export function health({ queue, tokens }: AppParts) {
  return (ctx: RouteContext): void => {
    const found = healthOf(queue.fleet);
    const known = !tokens.required || ctx.state.token !== undefined;
    ctx.status = found.status === 'unhealthy' ? 503 : 200;
    ctx.body = {
      success: ctx.status === 200,
      ...found,
      ...(known && { warnings: queue.warnings }),
      timestamp: new Date().toISOString(),
    };
  };
}

/** Unhealthy where nothing can work, degraded where some workers can't or a node has none. */
export function healthOf({ fresh, workers, nodes }: Pick<Fleet, 'fresh' | 'workers' | 'nodes'>): Health {
  const working = workers.filter(canWork).length;
  if (!fresh || working === 0)
    return { status: 'unhealthy', podman: workers.some(worker => worker.podman.working) ? 'connected' : 'disconnected' };
  const whole = working === workers.length && [...nodes.values()].every(({ status }) => status !== 'offline');
  return { status: whole ? 'healthy' : 'degraded', podman: 'connected' };
}

function canWork(worker: WorkerReport): boolean {
  return worker.podman.working && !worker.stopping;
}
