import type { PodmanState, WorkerReport } from '@podman-api/cluster';
import type { Counts } from '@podman-api/jobs';
import { count, instant, listOf, part, shape, texts } from '@podman-api/operations';
import type { Slice } from '@podman-api/stats';
import Joi, { type Schema } from 'joi';
import type { Figures } from './figures.ts';

const worker = shape<WorkerReport>('Worker', {
  id: Joi.string(),
  node: Joi.string(),
  pid: count(),
  started_at: instant(),
  max_workers: count(),
  running: count().description('podman commands that run now.'),
  stopping: Joi.boolean().description('It ends what it has and takes nothing new.'),
  podman: part<PodmanState>({ working: Joi.boolean(), version: Joi.string().allow(null), error: Joi.string().allow(null) }),
  event_loop_delay_ms: count().description('Longest delay of its event loop in the last ten seconds; high where it gets too little CPU.'),
  labels: texts().description("The node's, which `node_selector` can ask for."),
  arch: Joi.string(),
  cpus: count(),
  memory: count().description('Bytes.'),
  containers: count().allow(null).description('Of the node, running and stopped; null while that is not known.'),
});

/** Milliseconds, with a part of one. */
const ms = () => Joi.number().min(0).allow(null);

const slice = shape<Slice>('Slice', {
  time: instant().description('When it was over.'),
  seconds: count().description('How long it is.'),
  ended: count().description('Jobs that ended in it.'),
  failed: count().description('Those of them that ended `failed`, `timed_out` or `unknown`.'),
  p50_ms: ms().description('About how long they took from when they were made: half of them no longer. Null where none ended.'),
  p95_ms: ms().description('The same for 95 of 100.'),
});

/** The figures, as they are answered. */
export const figures = {
  uptime_seconds: count(),
  uptime_human: Joi.string(),
  max_workers: count().description('podman commands that all workers together may run at once.'),
  active_threads: count().description('podman commands that run now.'),
  queue: part<Counts>({ waiting: count(), active: count(), completed: count(), failed: count() }),
  workers: listOf(worker),
  recent: listOf(slice).max(60).description('The last ten minutes in slices, the oldest first, as far as this API process has seen them.'),
} satisfies Record<keyof Figures, Schema>;

export const exampleFigures: Figures = {
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
    },
  ],
  recent: [
    { time: '2026-01-05T09:29:50.000Z', seconds: 10, ended: 14, failed: 1, p50_ms: 3.1, p95_ms: 212.5 },
    { time: '2026-01-05T09:30:00.000Z', seconds: 10, ended: 0, failed: 0, p50_ms: null, p95_ms: null },
  ],
};
