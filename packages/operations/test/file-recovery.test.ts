import { ApiError } from '@podman-api/errors';
import { describe, expect, it } from 'vitest';
import { findTask, validateInput } from '../src/index.ts';
import { context, recordingPodman } from './recording-podman.ts';

const entry = { Id: 'a'.repeat(64), State: { Pid: 7 }, Mounts: [], Config: {} };

describe('the recovery of a change of files whose worker died', () => {
  it.each([
    ['container.write_file', { path: '/srv/a' }, ['settle', 'files discard']],
    ['container.write_archive', { path: '/srv' }, ['settle', 'files discard-extraction']],
    ['container.remove_file', { path: '/srv/a' }, ['settle']],
    ['container.move_file', { from: '/srv/a', to: '/srv/b' }, ['settle']],
    ['container.make_directory', { path: '/srv/a' }, ['settle']],
  ])('of %s waits for the helper before the outcome is unknown', async (name, input, expected) => {
    const task = findTask(name);
    if (!task) throw new Error(`there is no ${name}`);
    const steps: string[] = [];
    const podman = recordingPodman({ run: JSON.stringify([entry]) });
    const settle = async (variable: string) => {
      expect(variable).toBe('PODMAN_API_PODMAN_OF=node_job');
      steps.push('settle');
    };
    const files: typeof podman.files = async (source, request, options) => {
      steps.push(`files ${request.verb}`);
      return podman.files(source, request, options);
    };
    expect(task.isRecoveryAwaited).toBe(true);
    expect(
      await task.recover?.({ ...podman, waitForProcesses: settle, files }, validateInput(task, { name: 'web', ...input }), context),
    ).toBeUndefined();
    expect(steps).toEqual(expected);
  });

  it.each([
    ['container.write_file', { path: '/srv/a' }],
    ['container.write_archive', { path: '/srv' }],
  ])('of %s ends if the container was removed meanwhile', async (name, input) => {
    const task = findTask(name);
    if (!task) throw new Error(`there is no ${name}`);
    const gone = Object.assign(new ApiError('NotFoundError', 'There is no container web.'), { reason: 'no-container' });
    const podman = recordingPodman({
      run() {
        throw gone;
      },
    });
    expect(await task.recover?.(podman, validateInput(task, { name: 'web', ...input }), context)).toBeUndefined();
    expect(podman.calls.map(({ args }) => args[0])).not.toContain('files');
  });
});
