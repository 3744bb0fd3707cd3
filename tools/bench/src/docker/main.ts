import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findDockerCli } from '@podman-api/testing/docker-cli';
import { startHost } from '../host.ts';
import { LatencyMeter } from '../latency-meter.ts';
import { describeMachine, replaceSectionInFile } from '../markdown.ts';
import { image } from '../targets/target.ts';
import { measureEcho } from './echo.ts';
import { formatEchoTable, formatRequestTable, formatSuiteTable } from './report.ts';
import { type RequestTime, type Sessions, startSessions } from './suite.ts';

/**
 * `npm run bench:docker [-- --quick] [--write]`: a suite of Testcontainers, and keys in a terminal of `docker run`, by turns against the
 * Docker-compatible API and podman's own socket. `--quick` shows that the benchmark works; its figures mean nothing. `--write` writes the
 * tables to RESULTS.md.
 */
const { quick, write } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
}).values;
const sessionCounts = quick ? [1] : [1, 4];
const suite = quick ? { image, servers: 1, workers: 1, execs: 1 } : { image, servers: 3, workers: 2, execs: 4 };
const keys = quick ? 5 : 40;
const rounds = quick ? 1 : 5;
/** A round begins only if it is expected to end within this time after the start. */
const budgetMs = 200_000;
/** Time limit of the whole benchmark, which fails if it takes longer. */
const limitMs = 900_000;

/** A Docker endpoint, and what was measured with it. */
interface Endpoint {
  readonly name: string;
  readonly socket: string;
  readonly sessions: Sessions;
  /** Durations of the suite in ms, by the number of sessions. */
  readonly suiteDurationsMs: Map<number, number[]>;
  /** Requests of one session. */
  readonly requests: RequestTime[];
  readonly echo: LatencyMeter;
}

const docker = findDockerCli();
if (docker === undefined) throw new Error('there is no docker command: run "npm run bench:docker", which downloads it');
const limit = setTimeout(() => {
  process.stderr.write(`the benchmark takes more than ${limitMs / 1000} s: run it on a machine that does nothing else\n`);
  process.exit(1);
}, limitMs);
const startedAtMs = performance.now();
const folder = mkdtempSync(join(tmpdir(), 'podman-api-bench-docker-'));
const socket = join(folder, 'docker.sock');
// Testcontainers sends no token.
const host = await startHost({ DOCKER_LISTEN: `unix://${socket}`, API_TOKENS_FILE: join(folder, 'no-tokens.json') }, true);
const endpoints = [createEndpoint('podman-api', socket), createEndpoint("podman's socket", host.socket)];
let measured = 0;
try {
  let longestMs = 0;
  while (measured < rounds && performance.now() - startedAtMs + longestMs < budgetMs) {
    const started = performance.now();
    // The order changes, so that neither always follows the other.
    await measureRound(measured % 2 === 0 ? endpoints : endpoints.toReversed(), docker);
    longestMs = Math.max(longestMs, performance.now() - started);
    measured += 1;
  }
} finally {
  for (const { sessions } of endpoints) await sessions.stop();
  await host.stop();
  rmSync(folder, { recursive: true });
  clearTimeout(limit);
}
const [api, podman] = endpoints;
if (!api || !podman) throw new Error('two endpoints are compared');
const machine = describeMachine([
  execFileSync('podman', ['--version'], { encoding: 'utf8' }).trim(),
  `Node.js ${process.version}`,
  `${measured} rounds by turns in ${Math.round((performance.now() - startedAtMs) / 1000)} s; load at the end: ${loadavg()[0]?.toFixed(1)}`,
]);
const text = [machine, formatSuiteTable(api, podman), formatEchoTable([api, podman]), formatRequestTable(api, podman)].join('\n\n');
process.stdout.write(`${text}\n`);
if (write) replaceSectionInFile(new URL('../../RESULTS.md', import.meta.url), 'docker: written by npm run bench:docker', text);

function createEndpoint(name: string, path: string): Endpoint {
  const sessions = startSessions(path, suite, Math.max(...sessionCounts));
  return { name, socket: path, sessions, suiteDurationsMs: new Map(), requests: [], echo: new LatencyMeter() };
}

async function measureRound(inOrder: readonly Endpoint[], program: string): Promise<void> {
  for (const count of sessionCounts) {
    for (const { name, sessions, suiteDurationsMs, requests } of inOrder) {
      const result = await sessions.run(count);
      process.stderr.write(`${name}, ${count} sessions: ${(result.durationMs / 1000).toFixed(2)} s\n`);
      suiteDurationsMs.set(count, [...(suiteDurationsMs.get(count) ?? []), result.durationMs]);
      if (count === 1) requests.push(...result.requests);
    }
  }
  for (const endpoint of inOrder) {
    await measureEcho({ docker: program, socket: endpoint.socket, image, home: folder }, keys, endpoint.echo);
  }
}
