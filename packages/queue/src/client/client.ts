import { randomUUID } from 'node:crypto';
import type { Task } from '@podman-api/operations';
import { type RedisAddress, type Tracing, untraced } from '@podman-api/runtime';
import { createReaper } from '../dead/reap.ts';
import type { Entry } from '../directory/entry.ts';
import { confirm, type Location, locate } from '../directory/locate.ts';
import type { JobView, OnEnd } from '../job.ts';
import type { Limits } from '../limits.ts';
import { lanes } from '../names.ts';
import { drainNode, forgetNode, resumeNode } from '../nodes/change.ts';
import { type Fleet, watchFleet } from '../nodes/fleet.ts';
import { type OutputEvent, readOutput } from '../output/reader.ts';
import { createQueues, type NodeQueue, type Queues } from '../queues.ts';
import type { JobRecord } from '../record/record.ts';
import { asking, hastyRedis, patientRedis, type RedisClient } from '../redis.ts';
import { watchSettings } from '../redis-settings.ts';
import { createSeal, type Seal } from '../seal.ts';
import { type Slice, watchRecent } from '../tally/recent.ts';
import { openTally, type Tally } from '../tally/tally.ts';
import { readTotals, type Totals } from '../tally/totals.ts';
import { askNodes, type NodeAnswer } from './ask-nodes.ts';
import { cancelJob } from './cancel.ts';
import { type Idempotency, recall } from './claim.ts';
import { type Counts, countDepths, countJobs, countWaiting, type Depth } from './counts.ts';
import { endHalfMade } from './half-made.ts';
import { keepHouse } from './housekeeping.ts';
import { type JobFilter, type JobPage, listJobs } from './list.ts';
import type { Asker, Request } from './new-job.ts';
import { type Submitted, submit } from './submit.ts';
import { awaitJob, viewJob } from './view.ts';
import { createWaiter, type Waiter } from './waiter.ts';

export interface ClientOptions extends Limits {
  readonly redisAddress: RedisAddress;
  readonly secretKeys: readonly [string, ...string[]];
  readonly onEnd: OnEnd;
  /** Hears what is wrong with how Redis is set. */
  readonly onWarning: (warning: string) => void;
  readonly tracing?: Tracing;
}

/** The queue as an API process sees it. Its methods throw an `ApiError` (503) while Redis is away. */
export interface QueueClient {
  readonly fleet: Fleet;
  /** What is wrong with how Redis is set, one sentence each; known without asking. */
  readonly warnings: readonly string[];
  /**
   * Adds a job, which is waited for until `signal` is aborted; one that no worker has begun by then is withdrawn,
   * unless it is detached.
   */
  submit(task: Task, input: object, request: Request, signal: AbortSignal): Promise<Submitted>;
  /** Asks several nodes the same at once, see `askNodes`. */
  ask(task: Task, input: object, nodes: readonly string[], asker: Asker, signal: AbortSignal): Promise<readonly NodeAnswer[]>;
  /** Tells which nodes have a container, by its name or the beginning of its id. */
  locate(reference: string, asker: Asker): Promise<Location>;
  /** Asks a node whether it has a container that the directory says it has, see `confirm`. */
  confirm(entry: Entry, asker: Asker): Promise<boolean>;
  /** The node of the job that an Idempotency-Key stands for already. @throws ApiError (422) where that was of another request */
  recall(idempotency: Idempotency): Promise<string | undefined>;
  /** A job by its id; nothing where there is none. */
  view(id: string): Promise<JobView | undefined>;
  /** Waits until a job has ended, or the signal is aborted, and gives the job. */
  await(id: string, signal: AbortSignal): Promise<JobView | undefined>;
  /** Jobs, the newest first. */
  list(filter: JobFilter, limit: number, cursor?: string): Promise<JobPage>;
  /** Cancels a job; one that runs takes a moment to end. */
  cancel(id: string): Promise<void>;
  /** A job's output from a piece on, while it runs and after. */
  output(id: string, after: number, signal: AbortSignal): AsyncGenerator<OutputEvent>;
  /** How many jobs the nodes' queues hold, by state. */
  counts(nodes: readonly string[]): Promise<Counts>;
  /** How many jobs wait and run in each queue of some nodes. */
  depths(nodes: readonly string[]): Promise<readonly Depth[]>;
  /** How many jobs have ended how, and how long they took, in the whole fleet. */
  totals(): Promise<Totals>;
  /** The same in slices of the last minutes; known without asking. */
  readonly recent: readonly Slice[];
  /** How many jobs wait for each of some nodes. */
  waiting(nodes: readonly string[]): Promise<readonly number[]>;
  /** BullMQ's queues of some nodes, all lanes, for who looks into them; they need no connection of their own. */
  queuesOf(nodes: readonly string[]): readonly NodeQueue[];
  /** Gives a node no new containers, or ends that. */
  drain(node: string): Promise<void>;
  resume(node: string): Promise<void>;
  /** Forgets a node and its containers. */
  forget(node: string): Promise<void>;
  /** Sends what is counted of the last moment, and leaves Redis. */
  close(): Promise<void>;
}

/** What the parts of a client share. */
export interface ClientParts extends Limits {
  readonly redis: RedisClient;
  readonly queues: Queues;
  readonly seal: Seal;
  readonly waiter: Waiter;
  readonly tally: Tally;
  readonly fleet: Fleet;
  readonly onEnd: OnEnd;
  readonly tracing: Tracing;
  /** How many jobs this process is adding now, by the queues' names. */
  readonly adding: Map<string, number>;
  /** Jobs of which nobody knows whether they were added. */
  readonly leftovers: Set<string>;
  /** Asks a node whether it has a container that the directory says it has, see `confirm`. */
  readonly confirm: (entry: Entry, asker: Asker) => Promise<boolean>;
  /** Is shown the records of jobs that are looked at, in case their worker has died. */
  readonly onRecord: (id: string, record: JobRecord) => void;
}

/** Two connections to Redis, however many nodes there are. */
export function createQueueClient(options: ClientOptions): QueueClient {
  const { redisAddress, secretKeys, onEnd, onWarning, tracing = untraced, ...limits } = options;
  const redis = hastyRedis(redisAddress);
  const subscriber = patientRedis(redisAddress);
  const seal = createSeal(secretKeys);
  const fleet = watchFleet(redis);
  const settings = watchSettings(redis, onWarning);
  const tally = openTally(redis);
  const recent = watchRecent(redis);
  const queues = createQueues(redis);
  const reaper = createReaper({ redis, queues, seal, tally, fleet, onEnd, ...limits });
  const onRecord = (id: string, record: JobRecord) => {
    reaper.onRecord(id, record);
    endHalfMade(parts, id, record).catch(() => {});
  };
  const waiter = createWaiter({ redis, subscriber, seal, apiProcess: randomUUID(), onRecord });
  const parts: ClientParts = {
    redis,
    queues,
    seal,
    waiter,
    tally,
    fleet,
    onEnd,
    tracing,
    ...limits,
    adding: new Map(),
    leftovers: new Set(),
    confirm: (entry, asker) => confirm(parts, entry, asker),
    onRecord,
  };
  keepHouse(parts, reaper);
  return {
    fleet,
    get warnings() {
      return settings.warnings;
    },
    submit: (task, input, request, signal) => submit(parts, task, input, request, signal),
    ask: (task, input, nodes, asker, signal) => asking(askNodes(parts, task, input, nodes, asker, signal)),
    locate: (reference, asker) => asking(locate(parts, reference, asker)),
    confirm: (entry, asker) => asking(confirm(parts, entry, asker)),
    recall: idempotency => asking(recall(redis, idempotency, seal)),
    view: id => asking(viewJob(parts, id)),
    await: (id, signal) => asking(awaitJob(parts, id, signal)),
    list: (filter, limit, cursor) => asking(listJobs(parts, filter, limit, cursor)),
    cancel: id => asking(cancelJob(parts, id)),
    output: (id, after, signal) => readOutput(parts, id, after, signal),
    counts: nodes => asking(countJobs(redis, nodes)),
    depths: nodes => asking(countDepths(redis, nodes)),
    totals: () => asking(readTotals(redis)),
    get recent() {
      return recent.slices;
    },
    waiting: nodes => asking(countWaiting(redis, nodes)),
    queuesOf: nodes => nodes.flatMap(node => lanes.map(lane => queues.of(node, lane))),
    drain: node => asking(drainNode(redis, node).then(fleet.look)),
    resume: node => asking(resumeNode(redis, node).then(fleet.look)),
    forget: node => asking(forgetNode(redis, node).then(fleet.look)),
    async close() {
      recent.stop();
      fleet.stop();
      settings.stop();
      waiter.stop();
      await tally.stop();
      redis.disconnect();
      subscriber.disconnect();
    },
  };
}
