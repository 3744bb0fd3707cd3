import { ApiError } from '@podman-api/errors';
import { describe, expect, it } from 'vitest';
import { listResources } from '../src/list-resources.ts';
import { recordingPodman } from './recording-podman.ts';

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

describe('listResources', () => {
  const { signal } = new AbortController();

  it('asks podman again if something was removed meanwhile', async () => {
    const { podman } = createFailing(2, 'PodmanAPIError');
    expect(await listResources(podman, ['volume', 'ls'], signal)).toBe('data\n');
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
