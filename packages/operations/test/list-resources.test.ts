import { ApiError } from '@podman-api/errors';
import { describe, expect, it } from 'vitest';
import { findTask } from '../src/index.ts';
import { listResources } from '../src/list-resources.ts';
import { context, recordingPodman } from './recording-podman.ts';

/** Returns a podman whose first runs fail, and the number of its runs. */
function createFailing(failures: number, type: 'PodmanAPIError' | 'ServiceUnavailableError') {
  const count = { runs: 0 };
  const run = async () => {
    count.runs += 1;
    if (count.runs <= failures) throw new ApiError(type, 'no such volume');
    return 'data\n';
  };
  return { podman: { ...recordingPodman({}), run }, count };
}

const network = { name: 'back', id: 'a'.repeat(64), driver: 'bridge', created: '2026-01-05T09:30:00Z' };
const volume = { Name: 'data', Driver: 'local', CreatedAt: '2026-01-05T09:30:00Z', Labels: {}, Options: {} };

describe('listResources', () => {
  const { signal } = new AbortController();

  it('runs podman again if something was removed meanwhile', async () => {
    const { podman } = createFailing(2, 'PodmanAPIError');
    expect(await listResources(podman, ['volume', 'ls'], signal)).toBe('data\n');
  });

  it.each([
    ['network.inspect', { name: 'back' }, { name: 'back', containers: ['web'] }],
    ['volume.inspect', { name: 'data' }, { name: 'data', containers: ['web'] }],
    ['image.list', {}, []],
  ])('is used by %s, which lists what others may remove', async (name, input, expected) => {
    let failures = 3;
    const podman = recordingPodman({
      run([noun, verb]) {
        if (verb === 'inspect') return JSON.stringify([noun === 'network' ? network : volume]);
        failures -= 1;
        if (failures >= 0) throw new ApiError('PodmanAPIError', 'container ID does not exist in database');
        return noun === 'ps' ? 'web\n' : '[]';
      },
    });
    expect(await findTask(name)?.run(podman, input, context)).toMatchObject(expected);
  });

  it.each([
    ['PodmanAPIError', 10],
    ['ServiceUnavailableError', 1],
  ] as const)('fails with a %s after %i attempts', async (type, attempts) => {
    const { podman, count } = createFailing(20, type);
    await expect(listResources(podman, ['volume', 'ls'], signal)).rejects.toMatchObject({ type });
    expect(count.runs).toBe(attempts);
  });
});
