import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { startHost } from '../host.ts';
import { LatencyMeter } from '../latency-meter.ts';
import { describeMachine, replaceSectionInFile } from '../markdown.ts';
import { createApiTarget } from '../targets/api.ts';
import { createCharts } from './charts.ts';
import { createFloor } from './floor.ts';
import { createReport } from './report.ts';
import { containerScenarios, firstExecScenarios, listScenarios, type Scenario, type ScenarioResult } from './scenarios.ts';

/** `npm run bench:repeated [-- --quick]`. `--quick` shows that the benchmark works; its figures mean nothing. */
const quick = process.argv.includes('--quick');
const rounds = quick ? 1 : 4;
const listedContainers = quick ? 5 : 100;

/** Measures scenarios in rounds in which the targets alternate. */
async function measure(scenarios: readonly Scenario[], callers: number): Promise<readonly ScenarioResult[]> {
  process.stdout.write(`${scenarios[0]?.operation}, ${callers} at once …\n`);
  const meters = scenarios.map(scenario => ({ ...scenario, meter: new LatencyMeter() }));
  const callsPerCaller = (calls: number) => Math.ceil((quick ? 4 : calls) / callers);
  // Warm-up: sessions are opened by use, and Node.js compiles functions that are called often.
  for (const { calls, call } of scenarios) await new LatencyMeter().run(callers, callsPerCaller(2 * calls), call);
  for (let round = 0; round < rounds; round += 1) {
    for (const { meter, calls, call } of meters) await meter.run(callers, callsPerCaller(calls), call);
  }
  return meters.map(({ operation, target, meter }) => ({ operation, target, callers, latency: meter.summarize() }));
}

/** Measures scenarios whose calls cannot be repeated: no warm-up, and the targets alternate after each call. */
async function measureWithoutRepeating(scenarios: readonly Scenario[]): Promise<readonly ScenarioResult[]> {
  process.stdout.write(`${scenarios[0]?.operation} …\n`);
  const meters = scenarios.map(scenario => ({ ...scenario, meter: new LatencyMeter() }));
  const maxCalls = Math.max(...scenarios.map(({ calls }) => calls));
  for (let index = 0; index < maxCalls; index += 1) for (const { meter, call } of meters) await meter.run(1, 1, call);
  return meters.map(({ operation, target, meter }) => ({ operation, target, callers: 1, latency: meter.summarize() }));
}

const host = await startHost();
const hostWithoutSessions = await startHost({ EXEC_SESSIONS: '0' });
const api = createApiTarget(host.url, host.token);
const containers = Array.from({ length: listedContainers }, () => `bench-${randomBytes(6).toString('hex')}`);
const [container = '', ...otherContainers] = containers;
await api.create(container);
const floor = createFloor(host.env, container);
const results: ScenarioResult[] = [];
try {
  const inContainer = await containerScenarios(host, hostWithoutSessions, floor, container);
  for (const callers of [1, 2, 4, 10]) results.push(...(await measure(inContainer, callers)));
  for (const other of otherContainers) await api.create(other);
  const lists = await listScenarios(host);
  for (const callers of [1, 2, 4, 10, 64]) results.push(...(await measure(lists, callers)));
  results.push(...(await measureWithoutRepeating(firstExecScenarios(host, hostWithoutSessions, otherContainers))));
} finally {
  await floor.stop();
  for (const name of containers) await api.remove(name).catch(() => undefined);
  await host.stop();
  await hostWithoutSessions.stop();
}
const machine = describeMachine([execFileSync('podman', ['--version'], { encoding: 'utf8' }).trim(), `Node.js ${process.version}`]);
const text = `${machine}\n\n${createReport(results)}`;
process.stdout.write(`${text}\n`);
if (!quick) {
  replaceSectionInFile(new URL('../../RESULTS.md', import.meta.url), 'again: written by npm run bench:repeated', text);
  const folder = new URL('../../pictures/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  for (const [file, svg] of createCharts(results)) writeFileSync(new URL(file, folder), svg);
}
