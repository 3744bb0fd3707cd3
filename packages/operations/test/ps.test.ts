import type { Podman } from '@podman-api/podman';
import { PodmanFault } from '@podman-api/podman';
import { describe, expect, it } from 'vitest';
import { create } from '../src/container/create/index.ts';
import { readKnownContainers } from '../src/container/expiry/known-containers.ts';
import { list } from '../src/container/list/index.ts';
import { type PsEntry, readContainers } from '../src/container/lookup/ps.ts';
import { validateInput } from '../src/index.ts';
import { context, noPools, recordingPodman } from './recording-podman.ts';

const entry: PsEntry = {
  Id: '0123456789abcdef',
  Names: ['web'],
  State: 'running',
  Image: 'x',
  ImageID: 'plain',
  Command: ['sleep', '1'],
  Created: 1_000_000,
  Exited: false,
  ExitedAt: 0,
  AutoRemove: false,
  ExitCode: 0,
  Health: 'healthy',
  Labels: 'too-large',
  ServiceLabels: { 'podman-api.ttl': '2 job', 'podman-api.job': 'job' },
  Ports: null,
};

describe('container.list', () => {
  it('leaves out labels that are too large, and says so', async () => {
    const podman = recordingPodman({ run: JSON.stringify(entry) });
    expect(await list.run(podman, {}, context)).toMatchObject([
      { health: 'healthy', name: 'web', labels: {}, command: ['sleep', '1'], truncated: true },
    ]);
    expect(await list.run(podman, { label: ['team'] }, context)).toEqual([]);
  });

  it('lists no more than 1000 ports of a container', async () => {
    const ports = [{ host_ip: '', host_port: 1, container_port: 1, range: 65_535, protocol: 'tcp' }];
    const podman = recordingPodman({ run: JSON.stringify({ ...entry, Labels: null, Ports: ports }) });
    expect(await list.run(podman, {}, context)).toMatchObject([{ ports: [], truncated: true }]);
  });
});

describe('readKnownContainers', () => {
  it('returns the ttl of a container whose labels are too large', async () => {
    const shared = async ([verb]: readonly string[]) => (verb === 'ps' ? JSON.stringify(entry) : '""');
    expect(await readKnownContainers({ shared }, noPools, true)).toMatchObject([{ expiresAtMs: 1_000_003_000, isShortened: true }]);
  });

  it('ignores a ttl label that may have been cut', async () => {
    const label = `2 ${'x'.repeat(198)}`;
    const cut = { ...entry, ServiceLabels: { 'podman-api.ttl': label, 'podman-api.job': 'x'.repeat(198) } };
    const shared = async ([verb]: readonly string[]) => (verb === 'ps' ? JSON.stringify(cut) : '""');
    expect(await readKnownContainers({ shared }, noPools, true)).toMatchObject([{ expiresAtMs: undefined }]);
  });
});

describe('readContainers', () => {
  it('reads less of each container if the list is too long', async () => {
    const formats: string[] = [];
    const shared: Podman['shared'] = async args => {
      formats.push(args.at(-1) ?? '');
      if (formats.length === 1) throw new PodmanFault('too-much-output', 'PodmanAPIError', 'too long', '');
      return `${JSON.stringify(entry)}\n`;
    };
    expect(await readContainers({ shared })).toEqual([entry]);
    expect(formats.map(format => /le \(len \$json\) (\d+)/.exec(format)?.[1])).toEqual(['131072', '1024']);
  });
});

describe('container.create', () => {
  it('returns 400 for more than 64 KiB of labels', () => {
    const input = (size: number) => validateInput(create, { image: 'x', name: 'web', labels: { a: 'x'.repeat(size), b: '' } });
    expect(() => input(64 * 1024 - 2)).not.toThrow();
    expect(() => input(64 * 1024 - 1)).toThrow(/labels: labels have at most 64 KiB in all/);
  });
});
