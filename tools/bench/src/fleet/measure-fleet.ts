import { setTimeout as delay } from 'node:timers/promises';
import { LatencyMeter, type LatencySummary } from '../latency-meter.ts';
import { countConnections, cpuTimeMs, residentMib } from '../process-usage.ts';
import { send } from '../targets/http.ts';
import { containersOf, containersPerNode, nodeNameOf } from './containers.ts';
import { type FleetEnvironment, nodesPerProcess } from './environment.ts';

/** Number of calls in a measurement. */
export interface FleetMeasurementSize {
  /** Execs and inspects, one after the other. */
  readonly calls: number;
  /** Lists of all containers, and requests for an unknown container. */
  readonly lists: number;
  /** Time without calls in which the CPU use is measured. */
  readonly idleMs: number;
}

/** Results for a fleet of one size. */
export interface FleetResult {
  readonly nodes: number;
  readonly inspect: LatencySummary;
  readonly exec: LatencySummary;
  readonly list: LatencySummary;
  readonly unknown: LatencySummary;
  /** Connections of the API process to Redis. */
  readonly connections: number;
  /** Resident memory of the API process in MiB. */
  readonly apiMib: number;
  /** Share of a core that each process uses without calls, from 0 to 1. */
  readonly idleCpu: { readonly api: number; readonly redis: number };
}

/** Measures a running fleet. @throws Error for an unexpected response */
export async function measureFleet(
  { api, redis }: FleetEnvironment,
  nodes: number,
  { calls, lists, idleMs }: FleetMeasurementSize,
): Promise<FleetResult> {
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
      () => Promise.reject(new Error('the API found a container that does not exist')),
      (error: unknown) => checkUnknown(error, nodes),
    );
  const measure = async (times: number, one: () => Promise<unknown>) => {
    const meter = new LatencyMeter();
    await meter.run(1, times, one);
    return meter.summarize();
  };
  // Warm-up: Node.js compiles functions that are called often, so a process becomes faster after a while.
  const warmUp = calls * Math.ceil(nodes / nodesPerProcess);
  await measure(warmUp, inspect);
  await measure(warmUp, exec);
  await measure(2, list);
  const idleShares = await measureIdleCpu([api.pid, redis.pid], idleMs);
  return {
    nodes,
    inspect: await measure(calls, inspect),
    exec: await measure(calls, exec),
    list: await measure(lists, list),
    unknown: await measure(lists, unknown),
    connections: countConnections(api.pid, redis.port),
    apiMib: residentMib(api.pid),
    idleCpu: { api: idleShares[0] ?? 0, redis: idleShares[1] ?? 0 },
  };
}

/** Returns the share of a core that each process uses within some time, from 0 to 1. */
async function measureIdleCpu(pids: readonly number[], durationMs: number): Promise<readonly number[]> {
  const before = pids.map(cpuTimeMs);
  const startedAtMs = performance.now();
  await delay(durationMs);
  const elapsedMs = performance.now() - startedAtMs;
  return pids.map((pid, index) => (cpuTimeMs(pid) - (before[index] ?? 0)) / elapsedMs);
}

/** Checks a list without parsing it, which would add to the measured time. */
function checkList(text: string, nodes: number): void {
  const count = text.split('"exit_code":').length - 1;
  if (!/"unreachable":\[\][,}]/.test(text.slice(-600)) || count !== nodes * containersPerNode) {
    throw new Error(`a list has ${count} containers instead of ${nodes * containersPerNode} and ends with ${text.slice(-300)}`);
  }
}

/** Expects a 404 of several nodes. With a single node, podman's own error passes. */
function checkUnknown(error: unknown, nodes: number): void {
  const message = error instanceof Error ? error.message : String(error);
  if (nodes > 1 && !message.includes('"code":404')) throw error;
}
