import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { startHost } from '../host.ts';
import { placeInFile } from '../marked.ts';
import { type Figures, Meter } from '../measure.ts';
import { machine } from '../report.ts';
import { api } from '../ways/api.ts';
import { type Doing, firstExecs, inContainer, ofLists } from './doings.ts';
import { startFloor } from './floor.ts';
import { pictures } from './pictures.ts';
import { table } from './table.ts';

/** The figures of what was done with so many callers at once. */
export interface Result extends Pick<Doing, 'what' | 'way'> {
  readonly callers: number;
  readonly figures: Figures;
}

/** `--quick` is to see that the bench works, not to quote from. */
const quick = process.argv.includes('--quick');
const turns = quick ? 1 : 4;
const crowd = quick ? 5 : 100;

async function measure(doings: readonly Doing[], callers: number): Promise<readonly Result[]> {
  process.stdout.write(`${doings[0]?.what}, ${callers} at once …\n`);
  const meters = doings.map(doing => ({ ...doing, meter: new Meter() }));
  const times = (calls: number) => Math.ceil((quick ? 4 : calls) / callers);
  // Sessions come with use, and Node.js compiles what is called often.
  for (const { calls, call } of doings) await new Meter().turn(callers, times(2 * calls), call);
  for (let turn = 0; turn < turns; turn += 1) for (const { meter, calls, call } of meters) await meter.turn(callers, times(calls), call);
  return meters.map(({ what, way, meter }) => ({ what, way, callers, figures: meter.figures() }));
}

/** By turns of one call each: what has been done once can't be done for the first time again. */
async function measureOnce(doings: readonly Doing[]): Promise<readonly Result[]> {
  process.stdout.write(`${doings[0]?.what} …\n`);
  const meters = doings.map(doing => ({ ...doing, meter: new Meter() }));
  const most = Math.max(...doings.map(({ calls }) => calls));
  for (let turn = 0; turn < most; turn += 1) for (const { meter, call } of meters) await meter.turn(1, 1, call);
  return meters.map(({ what, way, meter }) => ({ what, way, callers: 1, figures: meter.figures() }));
}

const host = await startHost();
const cold = await startHost({ EXEC_SESSIONS: '0' });
const ours = api(host.url, host.token);
const names = Array.from({ length: crowd }, () => `bench-${randomBytes(6).toString('hex')}`);
const [name = ''] = names;
await ours.create(name);
const floor = startFloor(host.env, name);
const results: Result[] = [];
try {
  const doings = await inContainer(host, cold, floor, name);
  for (const callers of [1, 2, 4, 10]) results.push(...(await measure(doings, callers)));
  for (const other of names.slice(1)) await ours.create(other);
  const lists = await ofLists(host);
  for (const callers of [1, 2, 4, 10, 64]) results.push(...(await measure(lists, callers)));
  results.push(...(await measureOnce(firstExecs(host, cold, names.slice(1)))));
} finally {
  await floor.stop();
  for (const each of names) await ours.remove(each).catch(() => undefined);
  await host.stop();
  await cold.stop();
}
const versions = machine([execFileSync('podman', ['--version'], { encoding: 'utf8' }).trim(), `Node.js ${process.version}`]);
const text = `${versions}\n\n${table(results)}`;
process.stdout.write(`${text}\n`);
if (!quick) {
  placeInFile(new URL('../../RESULTS.md', import.meta.url), 'again: written by npm run bench:repeated', text);
  const folder = new URL('../../pictures/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  for (const [file, picture] of pictures(results)) writeFileSync(new URL(file, folder), picture);
}
