import type { Directory, WorkerReport } from '@podman-api/queue';
import type { AppParts } from '../app.ts';
import type { RouteContext } from '../context.ts';

type HealthStatus = 'healthy' | 'degraded' | 'unhealthy';

export interface Health {
  readonly status: HealthStatus;
  readonly podman: 'connected' | 'disconnected';
}

/** `GET /health`: from what the workers told last. It asks nobody, and so answers at once. */
export function health({ queue }: AppParts) {
  return (ctx: RouteContext): void => {
    const found = healthOf(queue.directory);
    ctx.status = found.status === 'unhealthy' ? 503 : 200;
    ctx.body = { success: ctx.status === 200, ...found, timestamp: new Date().toISOString() };
  };
}

/** Unhealthy where nothing can work, degraded where some workers can't. */
export function healthOf({ fresh, workers }: Pick<Directory, 'fresh' | 'workers'>): Health {
  const working = workers.filter(canWork).length;
  if (!fresh || working === 0)
    return { status: 'unhealthy', podman: workers.some(worker => worker.podman.working) ? 'connected' : 'disconnected' };
  return { status: working === workers.length ? 'healthy' : 'degraded', podman: 'connected' };
}

function canWork(worker: WorkerReport): boolean {
  return worker.podman.working && !worker.stopping;
}
