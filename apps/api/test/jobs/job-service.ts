import { randomBytes } from 'node:crypto';
import { type CallResponse, images, type Service, startApi, startService, type TestApi, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll } from 'vitest';
import { detached } from '../detached-jobs.ts';
import { createGate, type Gate } from '../gate.ts';

/** `MAX_QUEUE` of the service. */
export const maxQueue = 10;

/** Header of a request to `second` that waits for its job. */
export const longWait = { Prefer: 'wait=300' } as const;

/** `CALLBACK_SECRET` of the second API process. */
export const callbackSecret = randomBytes(24).toString('hex');

/** A service with small limits and two API processes, and a container for its jobs. */
export interface JobService {
  /** `MAX_WORKERS` is 2, `MAX_QUEUE_BYTES` 2 MiB. */
  readonly service: Service;
  /** Another API process, whose `REQUEST_TIMEOUT` is 1 s, and which sends callbacks to 127.0.0.1. */
  readonly second: TestApi;
  readonly container: string;
  /** Runs a command in the container, by the first API process. */
  exec(command: string, headers?: Readonly<Record<string, string>>): Promise<CallResponse>;
  /** Reads a job by the second API process. */
  getJob(id: string): Promise<unknown>;
  /** Waits for a job to end. */
  awaitJob(id: string): Promise<unknown>;
  /** Occupies both workers until the gate opens. @returns the gate and the ids of the jobs */
  occupyWorkers(): Promise<{ readonly gate: Gate; readonly ids: readonly string[] }>;
}

/** Starts the service before the tests of a file, and ends it after them. Call it at the top of the file. */
export function useJobService(): JobService {
  let service: Service;
  let second: TestApi;
  let container: string;
  beforeAll(async () => {
    service = await startService({ MAX_WORKERS: '2', MAX_QUEUE: `${maxQueue}`, MAX_QUEUE_BYTES: '2MiB' });
    second = await startApi({ ...service.env, REQUEST_TIMEOUT: '1', CALLBACK_HOSTS: '127.0.0.1', CALLBACK_SECRET: callbackSecret });
    container = await startContainer(images.plain);
  });
  afterAll(async () => {
    await second.api.end();
    await service.stop();
  });
  const exec: JobService['exec'] = (command, headers = {}) => service.call('POST', `/containers/${container}/exec`, { command }, headers);
  const awaitRunning = (id: string) => until(async () => (await second.call('GET', `/jobs/${id}`)).field('job.status') === 'running');
  return {
    get service() {
      return service;
    },
    get second() {
      return second;
    },
    get container() {
      return container;
    },
    exec,
    getJob: async id => (await second.call('GET', `/jobs/${id}`)).field('job'),
    awaitJob: async id => (await second.call('GET', `/jobs/${id}?wait=300`)).field('job'),
    async occupyWorkers() {
      const gate = createGate(container);
      const command = `${gate.wait}; echo result`;
      const ids = [jobIdOf(await exec(command, detached)), jobIdOf(await exec(command, detached))];
      for (const id of ids) await awaitRunning(id);
      return { gate, ids };
    },
  };
}

/** Returns the id of a response's job. */
export function jobIdOf(response: CallResponse): string {
  return String(response.field('job_id'));
}
