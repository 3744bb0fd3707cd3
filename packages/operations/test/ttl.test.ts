import { describe, expect, it } from 'vitest';
import { create } from '../src/container/create.ts';
import { list } from '../src/container/list.ts';
import { knownOf, type PsEntry } from '../src/container/ps.ts';
import { context, recordingPodman } from './recording-podman.ts';

const entry = (labels: Record<string, string>): PsEntry => ({
  Id: '0123456789abcdef',
  Names: ['web'],
  State: 'running',
  Image: 'x',
  Command: null,
  Created: 1_000_000,
  Exited: false,
  ExitCode: 0,
  Labels: labels,
  Ports: null,
});

/** The labels that podman is told of a container with a `ttl`. */
async function labelsOf(job: string): Promise<Record<string, string>> {
  const podman = recordingPodman();
  await create.run(podman, { image: 'x', name: 'web', ttl: 2 }, { ...context, job });
  const labels = podman.calls.flatMap(({ args }) => args).filter(arg => arg.startsWith('--label='));
  return Object.fromEntries(labels.map(label => label.slice('--label='.length).split('=')));
}

describe('ttl of a container', () => {
  it('does not end early, although podman prints whole seconds', async () => {
    // Made at 1,000,000.999 s, perhaps.
    expect(knownOf(entry(await labelsOf('job'))).expires).toBe(1_000_003_000);
  });

  it('is not inherited through an image made from the container', async () => {
    const handedOn = await labelsOf('old');
    const { 'podman-api.job': job = '' } = await labelsOf('new');
    expect(knownOf(entry({ ...handedOn, 'podman-api.job': job })).expires).toBeUndefined();
    expect(knownOf(entry({ 'podman-api.ttl': '2' })).expires).toBeUndefined();
  });

  it.each(['constructor', '__proto__', 'toString'])('does not give a container the label %s', async label => {
    const podman = recordingPodman({ run: JSON.stringify([entry({ team: 'web' })]) });
    expect(await list.run(podman, { label: ['team=web'] }, context)).toHaveLength(1);
    expect(await list.run(podman, { label: [label] }, context)).toEqual([]);
  });
});
