import { PodmanFault } from '@podman-api/podman';
import { describe, expect, it } from 'vitest';
import { repeatIfEnded } from '../src/container/copying/repeat-if-ended.ts';
import { recordingPodman } from './recording-podman.ts';

/**
 * Runs `repeatIfEnded` with a podman that reports one status after the other, and the last one from then on.
 * @param errors one for each attempt that fails
 * @returns the result, and the statuses with which the copy was called
 */
async function copyWith(statuses: readonly string[], errors: readonly Error[] = []) {
  const left = [...statuses];
  const run = () => {
    const status = left.length > 1 ? left.shift() : left[0];
    return JSON.stringify([{ Id: 'a1b2', State: { Status: status, Pid: status === 'running' ? 4711 : 0 } }]);
  };
  const attempts: string[] = [];
  const result = await repeatIfEnded(recordingPodman({ run }), 'web', new AbortController().signal, async ({ State }) => {
    attempts.push(State.Status);
    const error = errors[attempts.length - 1];
    if (error) throw error;
    return 'copied';
  }).catch((error: Error) => error.message);
  return { result, attempts };
}

describe('repeatIfEnded', () => {
  const noProcess = new PodmanFault('not-running', 'ConflictError', 'The container has just stopped: send the request again.', '');
  const notFound = new Error('globs [/file] matched nothing');

  it.each([
    ['the container ended meanwhile', ['running', 'exited'], [], ['running', 'exited']],
    ['podman had not cleaned up', ['stopped', 'exited'], [notFound], ['stopped', 'exited']],
    ['podman had not recorded the end', ['running', 'running', 'exited'], [noProcess, noProcess], ['running', 'running', 'exited']],
  ])('copies again if %s', async (_case, statuses, errors, attempts) => {
    expect(await copyWith(statuses, errors)).toEqual({ result: 'copied', attempts });
  });

  it('returns a result although the job was cancelled just after the copy', async () => {
    const controller = new AbortController();
    const run = () => {
      if (controller.signal.aborted) throw controller.signal.reason;
      return JSON.stringify([{ Id: 'a1b2', State: { Status: 'running', Pid: 4711 } }]);
    };
    const copied = repeatIfEnded(recordingPodman({ run }), 'web', controller.signal, async () => {
      controller.abort(new Error('cancelled'));
      return 'copied';
    });
    expect(await copied).toBe('copied');
  });

  it.each(['running', 'stopped', 'exited', 'created'])('copies once if the container is and stays %s', async status => {
    expect(await copyWith([status])).toEqual({ result: 'copied', attempts: [status] });
    expect(await copyWith([status], [notFound])).toEqual({ result: notFound.message, attempts: [status] });
  });
});
