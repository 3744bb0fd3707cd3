import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { type CallResponse, images, startChild, startFleet, type TestFleet } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const loadDurationMs = 120_000;
const callerCount = 50;

/** Responses that callers must not get on a host that is only busy. */
interface Observation {
  readonly request: string;
  readonly status: number;
  readonly body: unknown;
}

describe('a host with two busy loops per core and 50 callers', () => {
  let fleet: TestFleet;
  beforeAll(async () => {
    fleet = await startFleet({ a: {}, b: {} });
  });
  afterAll(() => fleet.stop());

  it('answers health with 200, ends no job as unknown, and reports no node as offline or unreachable', async () => {
    const loops = Array.from({ length: 2 * availableParallelism() }, () =>
      startChild('timeout', [`${2 * (loadDurationMs / 1000)}`, 'sh', '-c', 'while :; do :; done']),
    );
    const end = performance.now() + loadDurationMs;
    const wrong: Observation[] = [];
    const counts = new Map<string, number>();
    const record = (request: string, { status, body }: CallResponse, isRight: boolean) => {
      const key = `${request} ${status}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      if (!isRight) wrong.push({ request, status, body });
    };
    const containers = await Promise.all(
      ['a', 'b'].map(async node => {
        const name = `busy-${randomBytes(5).toString('hex')}`;
        const made = await fleet.call('POST', '/containers', { image: images.plain, network: 'none', command: 'sleep 3600', name, node });
        expect(made.status).toBe(201);
        return name;
      }),
    );
    const steps: readonly ((index: number) => Promise<void>)[] = [
      async () => {
        const response = await fleet.call('GET', '/health');
        record('GET /health', response, response.status === 200);
      },
      async () => {
        const response = await fleet.call('GET', '/nodes');
        record('GET /nodes', response, response.status === 200 && !JSON.stringify(response.body).includes('offline'));
      },
      async () => {
        const response = await fleet.call('GET', '/containers');
        record('GET /containers', response, response.status === 200 && JSON.stringify(response.field('unreachable')) === '[]');
      },
      async index => {
        const response = await fleet.call('POST', `/containers/${containers[index % 2]}/exec`, { command: 'echo here' });
        record('POST exec', response, response.field('execution.stdout') === 'here\n' || isTimeout(response));
      },
      async index => {
        // One caller in ten makes containers, so that podman has no more to do than it can.
        if (index % 10 !== 0) return;
        const name = `busy-${randomBytes(5).toString('hex')}`;
        const made = await fleet.call('POST', '/containers', { image: images.plain, network: 'none', command: 'sleep 600', name });
        record('POST /containers', made, made.status === 201 || isTimeout(made));
        const removed = await fleet.call('DELETE', `/containers/${name}?force=true`);
        record('DELETE /containers/:name', removed, [200, 404].includes(removed.status) || isTimeout(removed));
      },
    ];
    const runCaller = async (index: number) => {
      for (let round = index; performance.now() < end; round += 1) await steps[round % steps.length]?.(index);
    };
    await Promise.all(Array.from({ length: callerCount }, (_, index) => runCaller(index)));
    await Promise.all(loops.map(loop => loop.end()));

    console.log(Object.fromEntries([...counts].sort()));
    expect(wrong).toEqual([]);
    const unknown = await fleet.call('GET', '/jobs?status=unknown');
    expect(unknown.field('jobs')).toEqual([]);
  });
});

/** Returns whether a response is a 408 with the state of its job: a busy podman may take longer than a request waits. */
function isTimeout(response: CallResponse): boolean {
  return response.status === 408 && ['running', 'queued', 'withdrawn'].includes(String(response.field('error.job.status')));
}
