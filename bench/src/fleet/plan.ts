import { setTimeout as delay } from 'node:timers/promises';
import { type Figures, Meter } from '../measure.ts';
import { connectionsOf, cpuOf, memoryOf } from '../process-figures.ts';
import { send } from '../ways/http.ts';
import { containersANode, containersOf, nodeNameOf } from './containers.ts';
import { nodesAProcess, type Stage } from './stage.ts';

/** How much is measured. */
export interface Effort {
  /** Calls of a kind, one after the other. */
  readonly calls: number;
  /** Lists of all containers, and questions for one that nobody has. */
  readonly lists: number;
  /** How long it is watched while nobody calls, in ms. */
  readonly idle: number;
}

/** What a fleet of one size came to. */
export interface Row {
  readonly nodes: number;
  readonly inspect: Figures;
  readonly exec: Figures;
  readonly list: Figures;
  readonly unknown: Figures;
  /** Of the API process to Redis. */
  readonly connections: number;
  /** Of the API process, in MiB. */
  readonly memory: number;
  /** How much of a core each uses while nobody calls, from 0 to 1. */
  readonly idle: { readonly api: number; readonly redis: number };
}

/** Measures a fleet that stands. @throws Error where an answer is not what it must be */
export async function measureFleet({ api, redis }: Stage, nodes: number, { calls, lists, idle }: Effort): Promise<Row> {
  const call = (method: string, path: string, body?: object) =>
    send({ hostname: '127.0.0.1', port: api.port, method, path: `/api/v1/containers${path}` }, body);
  const anyName = () => {
    const containers = containersOf(nodeNameOf(Math.floor(Math.random() * nodes)));
    return containers[Math.floor(Math.random() * containers.length)]?.name ?? '';
  };
  const inspect = () => call('GET', `/${anyName()}`);
  const exec = () => call('POST', `/${anyName()}/exec`, { command: ['true'] });
  const list = async () => checkList((await call('GET', '')).toString(), nodes);
  const unknown = () =>
    call('GET', '/nobody-has-it').then(
      () => Promise.reject(new Error('a container was found that is not there')),
      (error: unknown) => checkUnknown(error, nodes),
    );
  const measured = async (times: number, one: () => Promise<unknown>) => {
    const meter = new Meter();
    await meter.turn(1, times, one);
    return meter.figures();
  };
  // Node.js compiles what is called often: a fleet that has been up for a while is measured, in each process of it.
  const warmUp = calls * Math.ceil(nodes / nodesAProcess);
  await measured(warmUp, inspect);
  await measured(warmUp, exec);
  await measured(2, list);
  const resting = await watchIdle([api.pid, redis.pid], idle);
  return {
    nodes,
    inspect: await measured(calls, inspect),
    exec: await measured(calls, exec),
    list: await measured(lists, list),
    unknown: await measured(lists, unknown),
    connections: connectionsOf(api.pid, redis.port),
    memory: memoryOf(api.pid),
    idle: { api: resting[0] ?? 0, redis: resting[1] ?? 0 },
  };
}

async function watchIdle(pids: readonly number[], time: number): Promise<readonly number[]> {
  const before = pids.map(cpuOf);
  const began = performance.now();
  await delay(time);
  const passed = performance.now() - began;
  return pids.map((pid, index) => (cpuOf(pid) - (before[index] ?? 0)) / passed);
}

/** The time of a list is that of its last byte: what callers make of it is theirs. */
function checkList(text: string, nodes: number): void {
  const count = text.split('"exit_code":').length - 1;
  if (!/"unreachable":\[\][,}]/.test(text.slice(-600)) || count !== nodes * containersANode) {
    throw new Error(`a list has ${count} containers, and ends ${text.slice(-300)}`);
  }
}

/** One podman says by itself that it has no such container; of several nodes all are asked. */
function checkUnknown(error: unknown, nodes: number): void {
  const message = error instanceof Error ? error.message : String(error);
  if (nodes > 1 && !message.includes('"code":404')) throw error;
}
