import { describe, expect, it } from 'vitest';
import { create } from '../src/container/create/index.ts';
import { readKnownContainers } from '../src/container/expiry/known-containers.ts';
import { list } from '../src/container/list/index.ts';
import type { PsEntry } from '../src/container/lookup/ps.ts';
import { renew } from '../src/container/renew/index.ts';
import { context, noPools, recordingPodman } from './recording-podman.ts';

const entry = (labels: Record<string, string>, imageId = 'plain'): PsEntry => ({
  Id: '0123456789abcdef',
  Names: ['web'],
  State: 'running',
  Image: 'x',
  ImageID: imageId,
  Command: null,
  Created: 1_000_000,
  Exited: false,
  ExitedAt: 0,
  AutoRemove: false,
  ExitCode: 0,
  Labels: labels,
  Health: '',
  ServiceLabels: labels,
  Ports: null,
});

/** The labels in the create command of a container with a `ttl`. */
async function labelsOf(job: string): Promise<Record<string, string>> {
  const podman = recordingPodman();
  await create.run(podman, { image: 'x', name: 'web', ttl: 2 }, { ...context, job });
  const labels = podman.calls.flatMap(({ args }) => args).filter(arg => arg.startsWith('--label='));
  return Object.fromEntries(labels.map(label => label.slice('--label='.length).split('=')));
}

/** When a container is removed, as a worker reads it from podman. */
async function expiryOf(given: PsEntry, imageLabel = ''): Promise<number | undefined> {
  const podman = {
    shared: async ([verb]: readonly string[]) => (verb === 'ps' ? JSON.stringify(given) : JSON.stringify(imageLabel)),
  };
  return (await readKnownContainers(podman, noPools, true))[0]?.expiresAtMs;
}

describe('ttl of a container', () => {
  it('does not end early, although podman prints whole seconds', async () => {
    // It may have been created at 1,000,000.999 s.
    expect(await expiryOf(entry(await labelsOf('job')))).toBe(1_000_003_000);
  });

  it('is not inherited through an image made from the container', async () => {
    const handedOn = await labelsOf('old');
    const { 'podman-api.job': job = '' } = await labelsOf('new');
    expect(await expiryOf(entry({ ...handedOn, 'podman-api.job': job }))).toBeUndefined();
    expect(await expiryOf(entry({ 'podman-api.ttl': '2' }))).toBeUndefined();
  });

  it('is not inherited by a container that was started without the service from such an image', async () => {
    const labels = await labelsOf('old');
    expect(await expiryOf(entry(labels, 'committed'), labels['podman-api.ttl'])).toBeUndefined();
    // A container of the service that is made from it has a label of its own.
    const own = await labelsOf('new');
    expect(await expiryOf(entry(own, 'committed'), labels['podman-api.ttl'])).toBe(1_000_003_000);
  });

  it('does not count while podman cannot inspect the image', async () => {
    const labels = await labelsOf('job');
    const podman = {
      shared: async ([verb]: readonly string[]) => {
        if (verb === 'ps') return JSON.stringify(entry(labels, 'unreadable'));
        throw new Error('podman failed');
      },
    };
    expect((await readKnownContainers(podman, noPools, true))[0]?.expiresAtMs).toBeUndefined();
  });

  it.each(['constructor', '__proto__', 'toString'])('does not give a container the label %s', async label => {
    const podman = recordingPodman({ run: JSON.stringify(entry({ team: 'web' })) });
    expect(await list.run(podman, { label: ['team=web'] }, context)).toHaveLength(1);
    expect(await list.run(podman, { label: [label] }, context)).toEqual([]);
  });
});

describe('container.renew', () => {
  const run = (createdAtMs: number, containerCreated: number) => {
    const inspected = { Id: '0123456789abcdef', Name: 'web', Created: new Date(containerCreated).toISOString() };
    const podman = recordingPodman({ run: JSON.stringify([inspected]) });
    return renew.run(podman, { name: 'web', ttl: 60 }, { ...context, createdAtMs });
  };

  it('counts the ttl from the request on, however long the job waited or whenever it is replayed', async () => {
    const createdAtMs = Date.parse('2026-01-05T09:00:00Z');
    expect(await run(createdAtMs, createdAtMs - 1000)).toMatchObject({ expires_at: '2026-01-05T09:01:00.000Z' });
  });

  it('returns 409 for a container that has taken the name since, which a replayed request must not end', async () => {
    const createdAtMs = Date.parse('2026-01-05T09:00:00Z');
    await expect(run(createdAtMs, createdAtMs + 61_000)).rejects.toMatchObject({ status: 409 });
  });
});
