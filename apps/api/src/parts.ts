import type { Policy } from '@podman-api/operations';
import type { QueueClient, RateLimiter } from '@podman-api/queue';
import type { Audit, Config, EventLoopMonitor, Log, Tracing } from '@podman-api/runtime';
import type { Registry } from 'prom-client';
import type { Tokens } from './tokens/watch.ts';

/** What the routes need. */
export interface AppParts {
  readonly queue: QueueClient;
  readonly config: Config<'CORS_ORIGINS' | 'DEBUG' | 'MAX_BODY' | 'MAX_QUEUE' | 'MAX_WAIT' | 'REQUEST_TIMEOUT'>;
  readonly policy: Policy;
  readonly log: Log;
  readonly tracing: Tracing;
  readonly audit: Audit;
  readonly tokens: Tokens;
  readonly eventLoop: EventLoopMonitor;
  /** The metrics of this process. */
  readonly metrics: Registry;
  /** How often a caller may ask, where that is limited. */
  readonly rate: { readonly limiter: RateLimiter; readonly limit: number } | undefined;
  /** Aborted when the process must end: waits end then. */
  readonly stopping: AbortSignal;
}
