import { describe, expect, it } from 'vitest';
import { findSources, startUsageMeter } from '../../src/attach/usage-meter.ts';

const id = '0123456789abcdef'.repeat(4);
const filesOf = (cgroups: string) => findSources(cgroups, id).map(({ field, file }) => [field, file]);

describe('findSources', () => {
  it('reads each figure in the hierarchy of its controller on a host with cgroups v1, hybrid or not', () => {
    const path = `/libpod_parent/libpod-${id}`;
    const expected = [
      ['cpuMs', `/sys/fs/cgroup/cpuacct${path}/cpuacct.usage`],
      ['maxMemoryBytes', `/sys/fs/cgroup/memory${path}/memory.max_usage_in_bytes`],
      ['oomKills', `/sys/fs/cgroup/memory${path}/memory.oom_control`],
    ];
    expect(filesOf(`4:memory:${path}\n2:cpu,cpuacct:${path}\n1:name=systemd:${path}\n0::${path}\n`)).toEqual(expected);
    expect(filesOf(`4:memory:${path}\n3:cpuacct:/other\n2:cpu:${path}\n`)).toEqual(expected.slice(1));
  });

  it('reads the cgroup of the container on a host with cgroups v2, not the one that crun makes below it', () => {
    const scope = `/machine.slice/libpod-${id}.scope`;
    expect(filesOf(`0::${scope}/container\n`)).toEqual([
      ['cpuMs', `/sys/fs/cgroup${scope}/cpu.stat`],
      ['maxMemoryBytes', `/sys/fs/cgroup${scope}/memory.peak`],
      ['oomKills', `/sys/fs/cgroup${scope}/memory.events`],
    ]);
  });

  it('finds nothing for a process that is in no cgroup of the container', () => {
    expect(filesOf('0::/user.slice/session-1.scope\n')).toEqual([]);
    expect(filesOf('')).toEqual([]);
  });
});

describe('startUsageMeter', () => {
  it('returns null for what it cannot read', () => {
    expect(startUsageMeter(id, process.pid).stop()).toEqual({ cpuMs: null, maxMemoryBytes: null, oomKills: null });
  });
});
