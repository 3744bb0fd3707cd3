import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Host, startHost } from '../host.ts';
import { LatencyMeter } from '../latency-meter.ts';
import { describeMachine, latencyCells, markdownTable, replaceSectionInFile } from '../markdown.ts';
import { createApiTarget } from '../targets/api.ts';
import { createCommandLineTarget } from '../targets/command-line.ts';
import { send } from '../targets/http.ts';
import { createPodmanServiceTarget } from '../targets/podman-service.ts';
import { command, image } from '../targets/target.ts';
import { createPool, type MeasuredPool } from './pool.ts';

/**
 * `npm run bench:first [-- --quick]`: measures the time to the first output of a new container. `--quick` shows that the benchmark
 * works; its figures mean nothing.
 */
const quick = process.argv.includes('--quick');
const rounds = quick ? 1 : 5;
const callersMeasured = quick ? [1] : [1, 4, 10];
const burst = quick ? 5 : 100;
/** Time of a caller between a create and its first exec. */
const pauseMs = 300;

/** A scenario that ends with a container and the output of its first command. */
interface FirstOutputScenario {
  readonly name: string;
  /** Creates a container and runs a command in it. */
  readonly begin: (container: string) => Promise<unknown>;
  /** Called before each round with the number of containers that it begins. */
  readonly prepare?: (count: number) => Promise<void>;
}

const newName = () => `bench-${randomBytes(6).toString('hex')}`;

async function createScenarios(host: Host, pool: MeasuredPool): Promise<readonly FirstOutputScenario[]> {
  const api = createApiTarget(host.url, host.token);
  const line = createCommandLineTarget(host.env, host.file);
  const service = await createPodmanServiceTarget(host.socket);
  const createAndExec =
    (target: { create(name: string): Promise<unknown>; exec(name: string): Promise<unknown> }) => async (name: string) => {
      await target.create(name);
      await target.exec(name);
    };
  return [
    { name: 'pool', begin: createAndExec({ create: pool.claim, exec: api.exec }), prepare: pool.waitForIdle },
    { name: 'cold', begin: createAndExec(api) },
    { name: 'cold, exec_ready', begin: createAndExec({ create: createReady(host), exec: api.exec }) },
    { name: "podman's service", begin: createAndExec(service) },
    { name: 'podman command line', begin: createAndExec(line) },
  ];
}

/** Returns the function that creates a container whose session is opened early. */
function createReady({ url, token }: Host): (name: string) => Promise<unknown> {
  const { hostname, port } = new URL(url);
  const request = { hostname, port, method: 'POST', path: '/api/v1/containers', headers: { Authorization: `Bearer ${token}` } };
  return name => send(request, { image, name, command, network: 'none', exec_ready: true });
}

/** Measures all scenarios in rounds in which they alternate; containers are removed between the rounds. */
async function measureScenarios(scenarios: readonly FirstOutputScenario[], callers: number, remove: (name: string) => Promise<unknown>) {
  const meters = scenarios.map(scenario => ({ ...scenario, meter: new LatencyMeter() }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { begin, prepare, meter } of meters) {
      const names: string[] = [];
      await prepare?.(callers);
      await meter.run(callers, 1, () => {
        const name = newName();
        names.push(name);
        return begin(name);
      });
      for (const name of names) await remove(name);
    }
  }
  return meters.map(({ name, meter }) => ({ name, latency: meter.summarize() }));
}

/** Measures the first exec after a pause, beside a repeated one in the same container. */
async function measurePause(host: Host): Promise<readonly (readonly [string, LatencyMeter])[]> {
  const api = createApiTarget(host.url, host.token);
  const first = { ready: new LatencyMeter(), cold: new LatencyMeter() };
  const repeated = new LatencyMeter();
  for (let round = 0; round < 2 * rounds; round += 1) {
    for (const [kind, create] of [['ready', createReady(host)] as const, ['cold', api.create] as const]) {
      const name = newName();
      await create(name);
      await delay(pauseMs);
      await first[kind].run(1, 1, () => api.exec(name));
      if (kind === 'ready') await repeated.run(1, 4, () => api.exec(name));
      await api.remove(name);
    }
  }
  return [
    [`first exec ${pauseMs} ms after a create with exec_ready`, first.ready],
    ['the same without exec_ready', first.cold],
    ['repeated exec', repeated],
  ];
}

/** Claims all containers of a pool at once. */
async function measureBurst(pool: MeasuredPool, remove: (name: string) => Promise<unknown>) {
  await pool.resize(burst);
  await pool.waitForIdle(burst);
  const meter = new LatencyMeter();
  const claims: { readonly id: string; readonly warm: boolean }[] = [];
  const names = Array.from({ length: burst }, newName);
  await meter.run(burst, 1, async caller => claims.push(await pool.claim(names[caller] ?? '')));
  const warm = claims.filter(claim => claim.warm).length;
  const distinct = new Set(claims.map(({ id }) => id)).size;
  return { meter, warm, distinct, remove: async () => void (await Promise.all(names.map(remove))) };
}

/** Measures execs while the pool is full, and while it is filled again. */
async function measureRefill(host: Host, pool: MeasuredPool, container: string) {
  const api = createApiTarget(host.url, host.token);
  const calls = quick ? 20 : 600;
  const [full, filling] = [new LatencyMeter(), new LatencyMeter()];
  await pool.resize(0);
  await delay(2000);
  await full.run(1, calls, () => api.exec(container));
  await pool.resize(quick ? 2 : 20);
  await filling.run(1, calls, () => api.exec(container));
  return { full, filling };
}

const host = await startHost();
const api = createApiTarget(host.url, host.token);
const pool = await createPool(host, 'bench');
const sections: string[] = [];
try {
  await pool.resize(quick ? 2 : 12);
  const scenarios = await createScenarios(host, pool);
  const columns: Awaited<ReturnType<typeof measureScenarios>>[] = [];
  for (const callers of callersMeasured) columns.push(await measureScenarios(scenarios, callers, api.remove));
  const headings = ['create and first output', ...callersMeasured.flatMap(count => [`${count}: p50`, 'p95', 'per s'])];
  const rows = scenarios.map(({ name }, index) => [name, ...columns.flatMap(column => latencyCells(column[index]?.latency))]);
  sections.push(markdownTable(headings, rows));

  const paused = await measurePause(host);
  const container = newName();
  await api.create(container);
  for (let index = 0; index < 50; index += 1) await api.exec(container);
  const refill = await measureRefill(host, pool, container);
  await api.remove(container);
  const claims = await measureBurst(pool, api.remove);
  const single = [
    ...paused,
    ['exec while no pool is being filled', refill.full] as const,
    ['exec while a pool is being filled', refill.filling] as const,
    [`${burst} claims at once: ${claims.warm} warm, ${claims.distinct} containers`, claims.meter] as const,
  ].map(([name, meter]) => [name, ...latencyCells(meter.summarize())]);
  sections.push(markdownTable(['', 'p50', 'p95', 'per s'], single));
  await pool.resize(0);
  await claims.remove();
} finally {
  await pool.remove();
  await host.stop();
}
const machine = describeMachine([execFileSync('podman', ['--version'], { encoding: 'utf8' }).trim(), `Node.js ${process.version}`]);
const text = [machine, ...sections].join('\n\n');
process.stdout.write(`${text}\n`);
if (!quick) replaceSectionInFile(new URL('../../RESULTS.md', import.meta.url), 'first: written by npm run bench:first', text);
