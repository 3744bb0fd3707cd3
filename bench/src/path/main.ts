import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { startHost } from '../host.ts';
import { placeInFile } from '../marked.ts';
import { Meter } from '../measure.ts';
import { machine } from '../report.ts';
import { api } from '../ways/api.ts';
import { watchCommands } from './monitor.ts';
import { cpuOfAll, processesOf } from './processes.ts';
import { type Row, tableOf } from './table.ts';

/** `--quick` is to see that the bench works, not to quote from. */
const quick = process.argv.includes('--quick');
const calls = quick ? 50 : 4000;
/** How long it is looked what Redis is told while nobody calls, in ms. */
const idle = quick ? 500 : 5000;

const host = await startHost();
const ours = api(host.url, host.token);
const processes = processesOf(host.pid);
const name = `bench-${randomBytes(6).toString('hex')}`;

/** What a call costs, and where. */
async function measure(what: string, callers: number, call: () => Promise<unknown>): Promise<Row> {
  process.stdout.write(`${what}, ${callers} at once …\n`);
  const meter = new Meter();
  const before = cpuOfAll(processes);
  await meter.turn(callers, Math.ceil(calls / callers), call);
  const after = cpuOfAll(processes);
  const { p50, perSecond, calls: done } = meter.figures();
  const each = (of: keyof typeof after) => ((after[of] - before[of]) * 1000) / done;
  return { what, callers, p50, perSecond, cpu: { API: each('API'), worker: each('worker'), Redis: each('Redis') } };
}

/** How many commands Redis is told for a call, those that nobody's call is the reason of left out. */
async function commandsOf(call: () => Promise<unknown>): Promise<number> {
  const monitor = await watchCommands(host.redisSocket);
  await delay(idle);
  const perMs = monitor.count / idle;
  const [begun, before] = [performance.now(), monitor.count];
  const many = quick ? 10 : 200;
  for (let index = 0; index < many; index += 1) await call();
  const told = monitor.count - before - perMs * (performance.now() - begun);
  monitor.stop();
  return told / many;
}

const rows: Row[] = [];
const commands = new Map<string, number>();
try {
  await ours.create(name);
  for (const [what, call] of [
    ['exec of `true`, in a session', () => ours.exec(name)],
    ['list while nothing changes', () => ours.list()],
  ] as const) {
    await new Meter().turn(10, quick ? 5 : 100, call);
    for (const callers of [1, 10]) rows.push(await measure(what, callers, call));
    commands.set(what, await commandsOf(call));
  }
} finally {
  await ours.remove(name);
  await host.stop();
}
const text = `${tableOf(rows, commands)}\n\n${machine([`Node.js ${process.version}`])}`;
process.stdout.write(`${text}\n`);
if (!quick) placeInFile(new URL('../../../docs/performance.md', import.meta.url), 'path: written by npm run bench:path', text);
