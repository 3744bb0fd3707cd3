import { images, type Service } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { expect, onTestFinished } from 'vitest';

/** Would run a script if a page took it for HTML. */
export const hostilePath = '/<img src=x onerror=hurt=1>';

/** Creates a container that runs for ten minutes. @returns its name */
export async function createContainer({ call }: Service): Promise<string> {
  const name = uniqueContainerName();
  const { status } = await call('POST', '/containers', { image: images.plain, name, network: 'none', command: 'sleep 600' });
  expect(status).toBe(201);
  return name;
}

/** Creates a job that fails for a reason that holds HTML. @returns its id */
export async function failJob({ call }: Service, container: string): Promise<string> {
  const { status, field } = await call('POST', `/containers/${container}/exec`, { command: 'true', work_dir: hostilePath });
  expect(status).toBe(400);
  return String(field('job_id'));
}

/** Starts a job that runs until the test has finished. @returns its id */
export async function runJob({ call }: Service, container: string): Promise<string> {
  const response = await call('POST', `/containers/${container}/exec`, { command: 'sleep 300' }, { Prefer: 'respond-async' });
  const id = String(response.field('job.id'));
  onTestFinished(async () => {
    await call('DELETE', `/jobs/${id}`);
  });
  return id;
}
