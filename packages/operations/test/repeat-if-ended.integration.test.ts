import { images, testPodman } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { beforeEach, describe, expect, it } from 'vitest';
import { repeatIfEnded } from '../src/container/copying/repeat-if-ended.ts';
import type { InspectEntry } from '../src/container/lookup/inspect-entry.ts';

const podman = testPodman();
const { signal } = new AbortController();

describe('repeatIfEnded', () => {
  let container: string;
  beforeEach(async () => {
    container = uniqueContainerName();
    await podman.run(['run', '--detach', `--name=${container}`, '--', images.busybox, 'sh', '-c', 'sleep 600']);
  });

  it('copies again if the container ended during the copy, whether that failed or not', async () => {
    const statuses: string[] = [];
    const copy = async ({ State }: InspectEntry) => {
      statuses.push(State.Status);
      if (statuses.length === 1) await podman.run(['kill', '--', container]);
      if (statuses.length === 1) throw new Error('copying from container: globs [/file] matched nothing');
      return 'copied';
    };
    expect(await repeatIfEnded(podman, container, signal, copy)).toBe('copied');
    expect(statuses[0]).toBe('running');
    expect(statuses.at(-1)).toMatch(/^(exited|stopped)$/);

    await podman.run(['start', '--', container]);
    let calls = 0;
    await repeatIfEnded(podman, container, signal, async () => {
      calls += 1;
      if (calls === 1) await podman.run(['kill', '--', container]);
    });
    expect(calls).toBeGreaterThan(1);
  });

  it('throws the error of the copy if the container runs on, without another attempt', async () => {
    let calls = 0;
    const copied = repeatIfEnded(podman, container, signal, async () => {
      calls += 1;
      throw new Error('no space left');
    });
    await expect(copied).rejects.toThrow('no space left');
    expect(calls).toBe(1);
  });
});
