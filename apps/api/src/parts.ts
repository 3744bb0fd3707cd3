import type { Dispatcher, EventReader, Fleet, LeaseStore, NodeManager, PoolStore, QuotaUsage, SessionNodes } from '@podman-api/cluster';
import type { Jobs } from '@podman-api/jobs';
import type { Policy } from '@podman-api/operations';
import type { RedisSettings } from '@podman-api/redis';
import type { AuditLog, Config, EventLoopMonitor, Log, Tracing } from '@podman-api/runtime';
import type { Slice, Totals } from '@podman-api/stats';
import type { Registry } from 'prom-client';
import type { CallbackHosts } from './callbacks/hosts.ts';
import type { RequestRate } from './middleware/rate-limit.ts';
import type { OpenStreams } from './request/open-streams.ts';
import type { Tickets } from './tickets.ts';
import type { Tokens } from './tokens/watch.ts';

/** The fleet's counters. Methods throw an `ApiError` (503) while Redis is unavailable. */
export interface FleetStats {
  totals(): Promise<Totals>;
  /** The last minutes in slices, see `RecentSlices`. */
  readonly recent: readonly Slice[];
}

/** Dependencies of the routes. */
export interface AppParts {
  readonly jobs: Jobs;
  readonly dispatcher: Dispatcher;
  readonly nodeManager: NodeManager;
  readonly pools: PoolStore;
  /** Leases of Docker clients' sessions, which are removed when they end. */
  readonly leases: LeaseStore;
  readonly sessionNodes: SessionNodes;
  /** Reads what a token uses of its quotas. @throws ApiError (503) while Redis is unavailable */
  readonly readQuotaUsage: (token: string) => Promise<QuotaUsage>;
  readonly fleet: Fleet;
  readonly events: EventReader;
  readonly stats: FleetStats;
  readonly redisSettings: Pick<RedisSettings, 'warnings' | 'isMemoryFull'>;
  readonly config: Config<'CORS_ORIGINS' | 'DEBUG' | 'MAX_BODY' | 'MAX_QUEUE' | 'MAX_UPLOAD' | 'MAX_WAIT' | 'REQUEST_TIMEOUT'>;
  readonly policy: Policy;
  /** Hosts to which callbacks may be sent. */
  readonly callbackHosts: CallbackHosts;
  readonly log: Log;
  readonly tracing: Tracing;
  readonly audit: AuditLog;
  readonly tokens: Tokens;
  readonly tickets: Tickets;
  readonly eventLoop: EventLoopMonitor;
  /** The metrics of this process. */
  readonly metrics: Registry;
  readonly streams: OpenStreams;
  /** `undefined` if requests are not limited. */
  readonly rate: RequestRate | undefined;
  /** Aborted when the process begins to stop: connections that do not end by themselves are closed then. */
  readonly draining: AbortSignal;
  /** Aborted when the process must end: waits end then. */
  readonly stopping: AbortSignal;
}
