import { images, sharedService, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { expect } from 'vitest';
import { createCommandLine } from './command-line.ts';
import { findJobs, stateOf } from './observe.ts';
import { processesOf, uniqueSleep } from './processes.ts';

/** Expects that a signal to `run --rm` cancels the job and leaves neither process nor container. @param code of the command line */
export async function expectCleanInterrupt(signal: 'SIGINT' | 'SIGTERM', code: number): Promise<void> {
  const { url, call } = sharedService();
  const name = uniqueContainerName();
  const sleep = uniqueSleep();
  const command = ['sh', '-c', `echo started; exec ${sleep}`];
  const running = createCommandLine(url).start('run', '--rm', '--network', 'none', '--name', name, images.busybox, ...command);
  await running.waitForOutput('started');
  await until(() => processesOf(sleep).length > 0);
  const id = String((await call('GET', `/containers/${name}`)).field('container.id'));
  running.process.kill(signal);
  expect(await running.result).toEqual({ code, stdout: 'started\n', stderr: '' });
  expect(processesOf(sleep)).toEqual([]);
  expect(await stateOf(name)).toBeUndefined();
  expect(await findJobs('container.exec', id)).toMatchObject([{ status: 'cancelled' }]);
}
