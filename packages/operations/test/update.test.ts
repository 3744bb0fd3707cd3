import { PodmanFault } from '@podman-api/podman';
import { describe, expect, it } from 'vitest';
import { update } from '../src/container/update/index.ts';
import { validateInput } from '../src/index.ts';
import { context, recordingPodman } from './recording-podman.ts';

const refused = new PodmanFault('update-refused', 'ConflictError', 'The runtime refused the new limits.', '');

/** Updates a container whose runtime refuses that. @returns the error's message */
function updateRefused(statusBefore: string, statusAfter: string): Promise<string> {
  const podman = recordingPodman({
    run([verb], calls) {
      if (verb === 'update') throw refused;
      const Status = calls.some(({ args }) => args[0] === 'update') ? statusAfter : statusBefore;
      return JSON.stringify([{ Id: 'a'.repeat(64), State: { Status }, Mounts: [], HostConfig: {}, Config: {} }]);
    },
  });
  return update.run(podman, validateInput(update, { name: 'web', memory: '64m' }), context).then(
    () => 'no error',
    (error: Error) => error.message,
  );
}

describe('container.update', () => {
  it('reports that the container is not running if it has ended meanwhile', async () => {
    expect(await updateRefused('running', 'exited')).toContain('The container is not running');
    expect(await updateRefused('exited', 'exited')).toContain('The container is not running');
  });

  it("reports the runtime's refusal if the container runs", async () => {
    expect(await updateRefused('running', 'running')).toBe(refused.message);
  });
});
