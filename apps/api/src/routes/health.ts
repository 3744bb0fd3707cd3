import type { Fleet, WorkerReport } from '@podman-api/cluster';
import type { RouteContext } from '../context.ts';
import type { AppParts } from '../parts.ts';

type HealthStatus = 'healthy' | 'degraded' | 'unhealthy';

/** Health of the service, as `GET /health` answers. */
export interface ServiceHealth {
  readonly status: HealthStatus;
  readonly podman: 'connected' | 'disconnected';
}

/** Data that determines the health. */
export type HealthInput = Pick<Fleet, 'isRedisAvailable' | 'workers' | 'nodes'> & {
  /** Whether Redis has reached its memory limit. */
  readonly isRedisFull: boolean;
  /** Longest recent delay of this process's event loop. */
  readonly eventLoopDelayMs: number;
};

/** An event loop that is later than this makes responses noticeably slow. */
const maxEventLoopDelayMs = 1000;

/**
 * `GET /health`: answers at once, from the last heartbeats. Callers without a token, if tokens are required, get no
 * warnings.
 */
export function health({ fleet, redisSettings, tokens, eventLoop }: AppParts) {
  return (ctx: RouteContext): void => {
    const { isRedisAvailable, workers, nodes } = fleet;
    const isRedisFull = redisSettings.isMemoryFull;
    const { warnings, ...found } = determineHealth({
      isRedisAvailable,
      isRedisFull,
      workers,
      nodes,
      eventLoopDelayMs: eventLoop.maxDelayMs(),
    });
    const mayReadWarnings = !tokens.isRequired || ctx.state.token !== undefined;
    ctx.status = found.status === 'unhealthy' ? 503 : 200;
    ctx.body = {
      success: ctx.status === 200,
      ...found,
      ...(mayReadWarnings && { warnings: [...warnings, ...redisSettings.warnings] }),
      timestamp: new Date().toISOString(),
    };
  };
}

/**
 * Determines the health: `unhealthy` if no job can run; `degraded` if some workers cannot work, a node is offline, or a
 * process gets too little CPU, with a warning for each reason.
 */
export function determineHealth({ isRedisAvailable, isRedisFull, workers, nodes, eventLoopDelayMs }: HealthInput): ServiceHealth & {
  readonly warnings: readonly string[];
} {
  if (!isRedisAvailable) {
    const podman = [...nodes.values()].some(node => node.podman === 'connected') ? 'connected' : 'disconnected';
    return { status: 'unhealthy', podman, warnings: ['Redis does not answer: check that it runs and that REDIS_URL is right.'] };
  }
  const podman = workers.some(worker => worker.podman.working) ? 'connected' : 'disconnected';
  const offline = [...nodes.values()].filter(({ status }) => status === 'offline').map(({ name }) => name);
  const warnings = [
    ...(isRedisFull ? [redisFull] : []),
    ...(workers.length === 0 ? ['No worker is alive: start one with "npm run worker".'] : []),
    ...workers.flatMap(warningsOf),
    ...(workers.length > 0 ? offline : []).map(
      name => `Node ${name} is offline: start a worker there, or remove it with DELETE /nodes/${name}.`,
    ),
    ...(eventLoopDelayMs > maxEventLoopDelayMs ? [slowProcess('This API process', eventLoopDelayMs)] : []),
  ];
  if (isRedisFull || !workers.some(canWork)) return { status: 'unhealthy', podman, warnings };
  return { status: warnings.length === 0 ? 'healthy' : 'degraded', podman, warnings };
}

const redisFull = 'Redis has reached its memory limit and stores nothing: raise its maxmemory, or lower RESULT_TTL or OUTPUT_SPACE.';

function canWork({ podman, stopping }: WorkerReport): boolean {
  return podman.working && !stopping;
}

function warningsOf({
  node,
  pid,
  podman,
  stopping,
  event_loop_delay_ms,
  list_error,
  shortened_containers,
  pools,
}: WorkerReport): readonly string[] {
  const name = `The worker ${pid} on node ${node}`;
  return [
    ...(stopping ? [`${name} is stopping.`] : []),
    ...(podman.error === null ? [] : [`${name}: podman ${podman.working ? 'is slow' : 'does not work'}: ${podman.error}`]),
    ...(list_error === null || podman.error !== null ? [] : [`${name} cannot list its containers: ${list_error}`]),
    ...Object.entries(pools).flatMap(([pool, { error }]) =>
      error === null ? [] : [`The pool ${pool} cannot be filled on node ${node}: ${error}`],
    ),
    ...(shortened_containers === 0 ? [] : [`${name}: ${describeShortened(shortened_containers)}`]),
    ...(event_loop_delay_ms > maxEventLoopDelayMs ? [slowProcess(name, event_loop_delay_ms)] : []),
  ];
}

function describeShortened(count: number): string {
  const [what, them] = count === 1 ? ['1 container has', 'it'] : [`${count} containers have`, 'them'];
  return `${what} labels, a command or ports that are too large for lists, which leave these out (truncated): remove ${them}, or use smaller labels.`;
}

function slowProcess(name: string, delayMs: number): string {
  return `${name} gets too little CPU: its event loop was delayed by ${delayMs} ms.`;
}
