import { randomInt } from 'node:crypto';
import { images, type SendRequest, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { expect } from 'vitest';
import { detached } from '../detached-jobs.ts';

/** Starts a job and cancels it as soon as it runs. @returns its id, and whether the cancel came in time */
async function cancelOnceRunning(call: SendRequest, path: string, body: object): Promise<{ id: string; isCancelled: boolean }> {
  const id = String((await call('POST', path, body, detached)).field('job_id'));
  await until(async () => (await call('GET', `/jobs/${id}`)).field('job.status') !== 'queued');
  return { id, isCancelled: (await call('DELETE', `/jobs/${id}`)).status === 200 };
}

/** Cancels execs while podman is still starting them, and checks that none of their commands runs afterwards. */
export async function cancelStartingExecs(call: SendRequest, container: string, rounds: number): Promise<void> {
  const command = ['sleep', String(randomInt(1_000_000, 9_000_000))];
  for (let round = 0; round < rounds; round += 1) {
    const { id, isCancelled } = await cancelOnceRunning(call, `/containers/${container}/exec`, { command });
    expect(isCancelled).toBe(true);
    expect((await call('GET', `/jobs/${id}`)).field('job.status')).toBe('cancelled');
  }
  const processes = await call('POST', `/containers/${container}/exec`, { command: 'ps' });
  expect(processes.field('execution.stdout')).toContain('PID');
  expect(processes.field('execution.stdout')).not.toContain(command.join(' '));
}

/** Cancels creates while podman is at work, and checks that the container exists only if the cancel came too late. */
export async function cancelStartingCreates(call: SendRequest, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const name = uniqueContainerName();
    const { id, isCancelled } = await cancelOnceRunning(call, '/containers', {
      image: images.plain,
      name,
      network: 'none',
      command: 'sleep 300',
    });
    const expected = isCancelled ? { status: 'cancelled' } : { result: { id: expect.stringMatching(/^[0-9a-f]{12}$/) } };
    expect((await call('GET', `/jobs/${id}`)).field('job')).toMatchObject(expected);
    expect((await call('GET', `/containers/${name}`)).status).toBe(isCancelled ? 404 : 200);
  }
}
