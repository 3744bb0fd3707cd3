import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { startHost } from '../host.ts';
import { LatencyMeter } from '../latency-meter.ts';
import { describeMachine, replaceSectionInFile } from '../markdown.ts';
import { createApiTarget } from '../targets/api.ts';
import { createCommandLineTarget } from '../targets/command-line.ts';
import { send } from '../targets/http.ts';
import { createPodmanServiceTarget } from '../targets/podman-service.ts';
import { countRedisCommands } from './count-redis-commands.ts';
import { createReadsReport, measureReadsAfterChange, type ReadAfterChange } from './measure-reads-after-change.ts';
import { cpuTimesMs, findProcesses } from './processes.ts';
import { type CallCost, createReport } from './report.ts';

/**
 * `npm run bench:path [-- --quick] [calls | reads]`. `--quick` shows that the benchmark works; its figures mean nothing. `calls`
 * and `reads` run one of the two parts.
 */
const quick = process.argv.includes('--quick');
const parts = ['calls', 'reads'].filter((part, _index, all) => process.argv.includes(part) || !all.some(one => process.argv.includes(one)));
const calls = quick ? 50 : 4000;
/** Time without calls in which the background commands to Redis are counted. */
const idleMs = quick ? 500 : 5000;

const host = await startHost();
const api = createApiTarget(host.url, host.token);
const processes = findProcesses(host.pid);
const container = `bench-${randomBytes(6).toString('hex')}`;

/** Measures the latency of an operation, and the CPU time that it costs each process. */
async function measureCost(operation: string, callers: number, call: () => Promise<unknown>): Promise<CallCost> {
  process.stdout.write(`${operation}, ${callers} at once …\n`);
  const meter = new LatencyMeter();
  const before = cpuTimesMs(processes);
  await meter.run(callers, Math.ceil(calls / callers), call);
  const after = cpuTimesMs(processes);
  const { p50Ms, perSecond, calls: done } = meter.summarize();
  const perCall = (name: keyof typeof after) => ((after[name] - before[name]) * 1000) / done;
  return {
    operation,
    callers,
    p50Ms,
    perSecond,
    cpuMicroseconds: { API: perCall('API'), worker: perCall('worker'), Redis: perCall('Redis') },
  };
}

/** Returns the number of commands to Redis for a call, without those that are sent in the background. */
async function countCommandsPerCall(call: () => Promise<unknown>): Promise<number> {
  const counter = await countRedisCommands(host.redisSocket);
  await delay(idleMs);
  const backgroundPerMs = counter.count / idleMs;
  const [startedAtMs, before] = [performance.now(), counter.count];
  const countedCalls = quick ? 10 : 200;
  for (let index = 0; index < countedCalls; index += 1) await call();
  const commands = counter.count - before - backgroundPerMs * (performance.now() - startedAtMs);
  counter.stop();
  return commands / countedCalls;
}

async function measureCalls(): Promise<string> {
  const costs: CallCost[] = [];
  const commandsPerCall = new Map<string, number>();
  for (const [operation, call] of [
    ['exec of `true`, in a session', () => api.exec(container)],
    ['list while nothing changes', () => api.list()],
  ] as const) {
    await new LatencyMeter().run(10, quick ? 5 : 100, call);
    for (const callers of [1, 10]) costs.push(await measureCost(operation, callers, call));
    commandsPerCall.set(operation, await countCommandsPerCall(call));
  }
  return createReport(costs, commandsPerCall);
}

/** Measures reads right after a rename, by the API, podman's service and podman's command line in turns. */
async function measureReads(): Promise<string> {
  const targets = [api, await createPodmanServiceTarget(host.socket), createCommandLineTarget(host.env, host.file)];
  const { hostname, port } = new URL(host.url);
  const names = [container, `${container}-renamed`] as const;
  let renames = 0;
  const rename = () => {
    const [from, to] = renames % 2 === 0 ? names : names.toReversed();
    renames += 1;
    const path = `/api/v1/containers/${from}/rename`;
    return send({ hostname, port, method: 'POST', path, headers: { Authorization: `Bearer ${host.token}` } }, { new_name: to });
  };
  const id = await readId(container);
  const results: ReadAfterChange[] = [];
  const others: string[] = [];
  try {
    for (const count of quick ? [1] : [1, 10, 100]) {
      while (others.length + 1 < count) {
        const other = `${container}-${others.length}`;
        await api.create(other);
        others.push(other);
      }
      process.stdout.write(`reads after a change, ${count} containers …\n`);
      results.push(...(await measureReadsAfterChange(targets, id, count, quick ? 5 : 60, rename)));
    }
  } finally {
    if (renames % 2 === 1) await rename();
    for (const other of others) await api.remove(other);
  }
  return createReadsReport(targets, results);
}

async function readId(name: string): Promise<string> {
  const { container: found }: { container: { id: string } } = JSON.parse(String(await api.inspect(name)));
  return found.id;
}

const measured = new Map<string, string>();
try {
  await api.create(container);
  if (parts.includes('calls')) measured.set('path: written by npm run bench:path', await measureCalls());
  if (parts.includes('reads')) measured.set('reads: written by npm run bench:path', await measureReads());
} finally {
  await api.remove(container);
  await host.stop();
}
for (const [mark, table] of measured) {
  const text = `${table}\n\n${describeMachine([`Node.js ${process.version}`])}`;
  process.stdout.write(`${text}\n`);
  if (!quick) replaceSectionInFile(new URL('../../../../docs/performance.md', import.meta.url), mark, text);
}
