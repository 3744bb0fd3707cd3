import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { images, startFleet, type TestFleet, until } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let fleet: TestFleet;
beforeAll(async () => {
  const variables = { MAX_WORKERS: '3', SHUTDOWN_TIMEOUT: '1' };
  fleet = await startFleet({ a: variables, b: variables, c: variables });
});
afterAll(() => fleet.stop());

const image = images.busybox;
const call: TestFleet['call'] = (...request) => fleet.call(...request);
/** Value of a variable that marks the processes of the runs. */
const mark = randomBytes(8).toString('hex');
const limits = { image, network: 'none', memory: '32m', pids_limit: 32, cpus: 0.5, read_only: true, environment: { RUNS_TEST: mark } };
const sh = (script: string) => ({ ...limits, command: ['sh', '-c', script] });

/** Runs of untrusted programs, and the expected outcome of each. */
const programs = {
  'fork bomb': {
    run: { ...sh('bomb() { bomb | bomb & }; (bomb 2>/dev/null) & while :; do :; done'), timeout: 2 },
    verdict: { success: false, timed_out: true, oom_killed: false },
  },
  'endless loop': {
    run: { ...sh('echo begun; while :; do :; done'), timeout: 2 },
    verdict: { success: false, timed_out: true, exit_code: 137, stdout: 'begun\n', oom_killed: false },
  },
  'memory hog': {
    run: sh("x=$(head -c 200000000 /dev/zero | tr '\\0' y); echo survived"),
    verdict: { success: false, timed_out: false, exit_code: 137, stdout: '', oom_killed: true },
  },
  'writer of 1 GiB': {
    run: { ...sh('dd if=/dev/zero of=/work/big bs=1M count=1024'), tmpfs: { '/work': 'size=4m' } },
    verdict: {
      success: false,
      timed_out: false,
      exit_code: 1,
      stderr: expect.stringContaining('No space left on device'),
      oom_killed: false,
    },
  },
  'caller of the network': {
    run: sh('wget -q -O - http://192.0.2.1/'),
    verdict: { success: false, timed_out: false, exit_code: 1, stderr: expect.stringContaining('unreachable'), oom_killed: false },
  },
} as const;
const kinds = Object.entries(programs);
const kindOf = (index: number) => kinds[index % kinds.length] ?? ['', undefined];

/** Returns the processes of the runs that still exist. */
function processesLeft(): readonly string[] {
  return readdirSync('/proc').filter(entry => /^\d+$/.test(entry) && environmentOf(entry).includes(`RUNS_TEST=${mark}`));
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

/** Returns the containers and volumes that a node has. */
async function leftOn(node: TestFleet['nodes'][number] | undefined): Promise<string | undefined> {
  const left = [await node?.podman.run(['ps', '--all', '--quiet']), await node?.podman.run(['volume', 'ls', '--quiet'])];
  return left.join('');
}

describe('POST /runs/batch', () => {
  it('returns the expected result of each of 100 untrusted programs on three nodes, and leaves nothing', async () => {
    const runs = Array.from({ length: 100 }, (_, index) => kindOf(index)[1]?.run);
    const { status, field } = await call('POST', '/runs/batch', { runs });
    expect(status).toBe(202);
    const jobs = await Promise.all(
      runs.map(async (_, index) => {
        const id = String(field(`runs.${index}.job.id`));
        return until(async () => {
          const job = (await call('GET', `/jobs/${id}?wait=60`)).field('job');
          return Object(job).finished_at === null ? undefined : job;
        });
      }),
    );
    for (const [index, job] of jobs.entries()) {
      const [name, program] = kindOf(index);
      expect({ name, job }).toMatchObject({ name, job: { status: 'succeeded', result: program?.verdict } });
    }
    expect(new Set(jobs.map(job => Object(job).node))).toEqual(new Set(['a', 'b', 'c']));
    for (const node of fleet.nodes) expect(await leftOn(node)).toBe('');
    expect(processesLeft()).toEqual([]);
  });
});

describe('POST /runs', () => {
  it('continues when its client disconnects', async () => {
    const gone = new AbortController();
    const [{ url }] = fleet.apis;
    const body = JSON.stringify({ ...sh('sleep 2; echo "$RUNS_TEST"'), labels: { test: mark } });
    const request = fetch(`${url}/api/v1/runs`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
      signal: gone.signal,
    });
    const running = await until(async () => (await call('GET', '/jobs?status=running&operation=run.create')).field('jobs.0.id'));
    gone.abort();
    await expect(request).rejects.toThrow();
    const { field } = await call('GET', `/jobs/${running}?wait=60`);
    expect([field('job.status'), field('job.result.stdout')]).toEqual(['succeeded', `${mark}\n`]);
  });

  it('is unknown if its worker is killed, and the next worker of the node removes the container', async () => {
    const [node] = fleet.nodes;
    const { field } = await call('POST', '/runs', { ...sh('sleep 600'), node: 'a' }, { Prefer: 'respond-async' });
    const id = String(field('job.id'));
    await until(() => processesLeft().length > 0);
    await node?.worker.end('SIGKILL');
    expect(processesLeft()).not.toEqual([]);
    await until(async () => (await call('GET', `/jobs/${id}`)).field('job.status') === 'unknown');
    node?.restart();
    await until(async () => (await leftOn(node)) === '');
    expect(processesLeft()).toEqual([]);
  });

  it('is ended when its worker is shut down, and its container is removed', async () => {
    const [, node] = fleet.nodes;
    const { field } = await call('POST', '/runs', { ...sh('sleep 600'), node: 'b' }, { Prefer: 'respond-async' });
    const id = String(field('job.id'));
    await until(() => processesLeft().length > 0);
    node?.worker.process.kill('SIGTERM');
    await until(async () => (await call('GET', `/jobs/${id}`)).field('job.finished_at') !== null);
    expect((await call('GET', `/jobs/${id}`)).field('job.status')).toBe('failed');
    expect(await leftOn(node)).toBe('');
    expect(processesLeft()).toEqual([]);
  });
});
