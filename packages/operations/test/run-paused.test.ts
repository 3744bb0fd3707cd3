import { JobOutcomeError } from '@podman-api/errors';
import { type Podman, PodmanFault } from '@podman-api/podman';
import { describe, expect, it } from 'vitest';
import { validateInput } from '../src/index.ts';
import { createRun } from '../src/run/create/index.ts';
import { context, recordingPodman, runAnswers } from './recording-podman.ts';

/** Runs a command whose container another caller has paused when its job is ended. */
async function endWhilePaused(outcome: 'timed_out' | 'cancelled', code: number) {
  const controller = new AbortController();
  let finishedAtMs: number | undefined;
  const { run } = runAnswers(code);
  const recording = recordingPodman({
    run(args, calls) {
      if (args[0] === 'stop' && !calls.some(call => call.args[0] === 'unpause')) {
        throw new PodmanFault('bad-state', 'ConflictError', 'The container is paused.', '');
      }
      if (args[0] === 'stop') finishedAtMs = Date.now() + 1;
      const text = typeof run === 'function' ? run(args, calls) : '';
      if (finishedAtMs === undefined || args[0] !== 'container') return text;
      const [entry] = JSON.parse(text);
      const FinishedAt = new Date(finishedAtMs).toISOString();
      return JSON.stringify([{ ...entry, State: { ...entry.State, Status: 'exited', FinishedAt } }]);
    },
  });
  const podman: Podman = {
    ...recording,
    async startAttached(_command, { stop }) {
      controller.abort(new JobOutcomeError(outcome, 'The job was ended.'));
      await stop?.();
      return { exitCode: code, usage: { cpuMs: 1, maxMemoryBytes: 2, oomKills: 0 } };
    },
  };
  const input = validateInput(createRun, { image: 'alpine', command: ['true'] });
  const result = createRun.run(podman, input, { ...context, signal: controller.signal });
  await result.catch(() => {});
  const verbs = recording.calls.map(({ args }) => args[0]).filter(verb => verb === 'stop' || verb === 'unpause');
  return { result, verbs };
}

describe('run.create of a container that is paused', () => {
  it('unpauses and stops it at the time limit', async () => {
    const { result, verbs } = await endWhilePaused('timed_out', 143);
    await expect(result).resolves.toMatchObject({ exit_code: 143, timed_out: true });
    expect(verbs).toEqual(['stop', 'unpause', 'stop']);
  });

  it('unpauses and stops it if the job is cancelled', async () => {
    const { result, verbs } = await endWhilePaused('cancelled', 137);
    await expect(result).rejects.toMatchObject({ outcome: 'cancelled' });
    expect(verbs).toEqual(['stop', 'unpause', 'stop']);
  });
});
