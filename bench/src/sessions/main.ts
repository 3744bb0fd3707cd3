import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { startHost } from '../host.ts';
import { type Figures, Meter } from '../measure.ts';
import { machine } from '../report.ts';
import { api } from '../ways/api.ts';
import { commandLine } from '../ways/command-line.ts';
import { send } from '../ways/http.ts';
import { service } from '../ways/service.ts';
import { startFloor } from './floor.ts';
import { table } from './table.ts';

/** What is done again and again in one container, in one way. */
export interface Doing {
  readonly what: string;
  readonly way: string;
  /** Calls in a turn, all callers together. */
  readonly calls: number;
  readonly call: (caller: number) => Promise<unknown>;
}

/** The figures of it with so many callers at once. */
export interface Result extends Pick<Doing, 'what' | 'way'> {
  readonly callers: number;
  readonly figures: Figures;
}

/** `--quick` is to see that the bench works, not to quote from. */
const quick = process.argv.includes('--quick');
const turns = quick ? 1 : 4;

const host = await startHost();
const cold = await startHost({ EXEC_SESSIONS: '0' });
const ours = api(host.url, host.token);
const line = commandLine(host.env, host.file);
const libpod = await service(host.socket);
const name = `bench-${randomBytes(6).toString('hex')}`;
await ours.create(name);
const floor = startFloor(host.env, name);

const exec = 'exec of `true`';
const file = 'file of 10 KiB, whole or not at all';
const content = 'x'.repeat(10 * 1024);
const put = ({ url, token }: { url: string; token: string }) => {
  const { hostname, port } = new URL(url);
  const to = { hostname, port, method: 'POST', path: `/api/v1/containers/${name}/files`, headers: { Authorization: `Bearer ${token}` } };
  return () => send(to, { dest_path: '/tmp/file', content });
};
const doings: readonly Doing[] = [
  { what: exec, way: 'this API', calls: 300, call: () => ours.exec(name) },
  { what: exec, way: 'this API, EXEC_SESSIONS=0', calls: 20, call: () => api(cold.url, cold.token).exec(name) },
  { what: exec, way: 'podman command line', calls: 20, call: () => line.exec(name) },
  { what: exec, way: "podman's service", calls: 20, call: () => libpod.exec(name) },
  { what: exec, way: 'floor: runc exec', calls: 20, call: () => floor.runc() },
  { what: exec, way: 'floor: a bare resident shell', calls: 300, call: caller => floor.shell(caller) },
  { what: file, way: 'this API', calls: 100, call: put(host) },
  { what: file, way: 'this API, EXEC_SESSIONS=0', calls: 20, call: put(cold) },
  { what: file, way: 'podman command line', calls: 20, call: async () => line.wholeFile?.(name) },
];

const results: Result[] = [];
try {
  for (const callers of [1, 2, 4, 10]) {
    process.stdout.write(`${callers} at once …\n`);
    const meters = doings.map(doing => ({ ...doing, meter: new Meter() }));
    // Sessions come with use, and Node.js compiles what is called often.
    for (const { calls, call } of doings) await new Meter().turn(callers, Math.ceil((quick ? 2 : 2 * calls) / callers), call);
    for (let turn = 0; turn < turns; turn += 1) {
      for (const { meter, calls, call } of meters) await meter.turn(callers, Math.ceil((quick ? 4 : calls) / callers), call);
    }
    results.push(...meters.map(({ what, way, meter }) => ({ what, way, callers, figures: meter.figures() })));
  }
} finally {
  await floor.stop();
  await ours.remove(name);
  await host.stop();
  await cold.stop();
}
const versions = machine([execFileSync('podman', ['--version'], { encoding: 'utf8' }).trim(), `Node.js ${process.version}`]);
const text = table(results, versions);
process.stdout.write(text);
if (!quick) writeFileSync(new URL('../../SESSIONS.md', import.meta.url), text);
