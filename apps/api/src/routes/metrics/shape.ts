import type { PodmanState, PoolReport, WorkerReport } from '@podman-api/cluster';
import type { Counts } from '@podman-api/jobs';
import { count, instant, listOf, part, shape, stringMap } from '@podman-api/operations';
import type { Slice } from '@podman-api/stats';
import Joi, { type Schema } from 'joi';
import type { FleetReport } from './fleet-report.ts';

const poolReport = part<PoolReport>({
  idle: count().description('Containers that can be claimed.'),
  error: Joi.string().allow(null).description('Why the last container could not be created or kept; null if it could.'),
  retry_at: instant().allow(null).description('When the next attempt is made after a failure.'),
});

const worker = shape<WorkerReport>('Worker', {
  id: Joi.string(),
  node: Joi.string(),
  pid: count(),
  started_at: instant(),
  max_workers: count(),
  running: count().description('podman commands that are running.'),
  stopping: Joi.boolean().description('Whether it finishes its jobs and takes no new ones.'),
  podman: part<PodmanState>({ working: Joi.boolean(), version: Joi.string().allow(null), error: Joi.string().allow(null) }),
  event_loop_delay_ms: count().description(
    'Longest delay of its event loop in the last ten seconds, in milliseconds; high if it gets too little CPU.',
  ),
  labels: stringMap().description('Labels of the node, for `node_selector`.'),
  arch: Joi.string(),
  cpus: count(),
  memory: count().description('Bytes.'),
  containers: count().allow(null).description('Containers of the node, running and stopped; null if unknown.'),
  shortened_containers: count().description('Of these, containers whose labels, command or ports are too large for a list.'),
  list_error: Joi.string().allow(null).description('Why podman could not list them the last time; null if it could.'),
  pools: Joi.object().pattern(Joi.string(), poolReport).description('State of the pools on the node; empty unless this worker keeps them.'),
});

/** Returns the schema of fractional milliseconds. */
const ms = () => Joi.number().min(0).allow(null);

const slice = shape<Slice>('Slice', {
  time: instant().description('End of the slice.'),
  seconds: count().description('Length of the slice.'),
  ended: count().description('Jobs that ended in the slice.'),
  failed: count().description('Of these, jobs that ended `failed`, `timed_out` or `unknown`.'),
  p50_ms: ms().description('Approximate median of the time from creation to end. Null if no job ended.'),
  p95_ms: ms().description('The 95th percentile of this time.'),
});

/** Fields of the figures in a response. */
export const fleetReportFields = {
  uptime_seconds: count(),
  uptime_human: Joi.string(),
  max_workers: count().description('podman commands that all workers together can run at once.'),
  active_threads: count().description('podman commands that are running.'),
  queue: part<Counts>({ waiting: count(), active: count(), completed: count(), failed: count() }),
  workers: listOf(worker),
  recent: listOf(slice).max(60).description('The last ten minutes in slices, oldest first, as observed by this API process.'),
} satisfies Record<keyof FleetReport, Schema>;

/** FleetReport of the fleet for the OpenAPI document. */
export const exampleFleetReport: FleetReport = {
  uptime_seconds: 93_784,
  uptime_human: '1d 2h 3m 4s',
  max_workers: 10,
  active_threads: 2,
  queue: { waiting: 0, active: 2, completed: 318, failed: 4 },
  workers: [
    {
      id: 'local-4711',
      node: 'local',
      pid: 4711,
      started_at: '2026-01-05T09:00:00.000Z',
      max_workers: 10,
      running: 2,
      stopping: false,
      podman: { working: true, version: '5.4.2', error: null },
      event_loop_delay_ms: 3,
      labels: {},
      arch: 'x64',
      cpus: 8,
      memory: 33_554_432_000,
      containers: 17,
      shortened_containers: 0,
      list_error: null,
      pools: { 'python-3': { idle: 10, error: null, retry_at: null } },
    },
  ],
  recent: [
    { time: '2026-01-05T09:29:50.000Z', seconds: 10, ended: 14, failed: 1, p50_ms: 3.1, p95_ms: 212.5 },
    { time: '2026-01-05T09:30:00.000Z', seconds: 10, ended: 0, failed: 0, p50_ms: null, p95_ms: null },
  ],
};
