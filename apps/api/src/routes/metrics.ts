import type { RouteContext } from '../context.ts';
import type { AppParts } from '../parts.ts';
import { readFigures } from './metrics/figures.ts';
import { promText, promType } from './metrics/prometheus.ts';

/** `GET /metrics` below the base path: the figures as JSON. */
export function metrics(parts: AppParts) {
  return async (ctx: RouteContext): Promise<void> => {
    ctx.body = { success: true, ...(await readFigures(parts.queue)), timestamp: new Date().toISOString() };
  };
}

/** `GET /metrics`: for Prometheus. */
export function prometheus(parts: AppParts) {
  return async (ctx: RouteContext): Promise<void> => {
    ctx.body = await promText(parts);
    ctx.type = promType;
  };
}
