import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { startHost } from '../host.ts';
import { LatencyMeter } from '../latency-meter.ts';
import { describeMachine, replaceSectionInFile } from '../markdown.ts';
import { createApiTarget } from '../targets/api.ts';
import { countRedisCommands } from './count-redis-commands.ts';
import { cpuTimesMs, findProcesses } from './processes.ts';
import { type CallCost, createReport } from './report.ts';

/** `npm run bench:path [-- --quick]`. `--quick` shows that the benchmark works; its figures mean nothing. */
const quick = process.argv.includes('--quick');
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

/** Returns the number of commands to Redis for a call, without those that would be sent anyway. */
async function countCommandsPerCall(call: () => Promise<unknown>): Promise<number> {
  const counter = await countRedisCommands(host.redisSocket);
  await delay(idleMs);
  const backgroundPerMs = counter.count / idleMs;
  const [startedAt, before] = [performance.now(), counter.count];
  const countedCalls = quick ? 10 : 200;
  for (let index = 0; index < countedCalls; index += 1) await call();
  const commands = counter.count - before - backgroundPerMs * (performance.now() - startedAt);
  counter.stop();
  return commands / countedCalls;
}

const costs: CallCost[] = [];
const commandsPerCall = new Map<string, number>();
try {
  await api.create(container);
  for (const [operation, call] of [
    ['exec of `true`, in a session', () => api.exec(container)],
    ['list while nothing changes', () => api.list()],
  ] as const) {
    await new LatencyMeter().run(10, quick ? 5 : 100, call);
    for (const callers of [1, 10]) costs.push(await measureCost(operation, callers, call));
    commandsPerCall.set(operation, await countCommandsPerCall(call));
  }
} finally {
  await api.remove(container);
  await host.stop();
}
const text = `${createReport(costs, commandsPerCall)}\n\n${describeMachine([`Node.js ${process.version}`])}`;
process.stdout.write(`${text}\n`);
if (!quick) replaceSectionInFile(new URL('../../../../docs/performance.md', import.meta.url), 'path: written by npm run bench:path', text);
