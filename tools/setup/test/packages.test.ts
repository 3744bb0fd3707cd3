import { describe, expect, it } from 'vitest';
import type { Host } from '../system/host.mjs';
import { filterAvailable } from '../system/install.mjs';
import { missingPackages, systemPackages } from '../system/packages.mjs';
import { fakeHost } from './fake-host.ts';

function missingNames(host: Partial<Host>, ...groups: string[]): string[] {
  return missingPackages(fakeHost(host), groups).map(({ debian }) => debian);
}

describe('missingPackages', () => {
  it('names libatomic1 for every group', () => {
    expect(missingNames({})).toEqual(['libatomic1']);
  });

  it('names nftables for podman 5 and iptables for podman 4', () => {
    expect(missingNames({ podmanMajor: 5 }, 'podman')).toContain('nftables');
    expect(missingNames({ podmanMajor: 5 }, 'podman')).not.toContain('iptables');
    expect(missingNames({ podmanMajor: 4 }, 'podman')).toContain('iptables');
    expect(missingNames({ podmanMajor: 4 }, 'podman')).not.toContain('nftables');
  });

  it('names both if the version of podman is not known', () => {
    expect(missingNames({ podmanMajor: undefined }, 'podman')).toEqual(expect.arrayContaining(['iptables', 'nftables']));
  });

  it('names the network and the users of rootless containers for an ordinary user alone', () => {
    const rootless = ['passt', 'uidmap'];
    expect(missingNames({ isRootless: true }, 'podman')).toEqual(expect.arrayContaining(rootless));
    expect(missingNames({ isRootless: true, podmanMajor: 4 }, 'podman')).toContain('slirp4netns');
    for (const name of rootless) expect(missingNames({}, 'podman')).not.toContain(name);
  });

  it('names runc where cgroups v1 is mounted, even beside crun', () => {
    expect(missingNames({ hasCgroupsV1: true, hasProgram: name => name === 'crun' }, 'podman')).toContain('runc');
    expect(missingNames({ hasProgram: name => name === 'crun' }, 'podman')).not.toContain('runc');
  });

  it('names fuse-overlayfs only where the overlay of the kernel does not work', () => {
    expect(missingNames({}, 'podman')).not.toContain('fuse-overlayfs');
    expect(missingNames({ needsFuseOverlayfs: true }, 'podman')).toContain('fuse-overlayfs');
  });

  it("names netavark where the program bridge is iproute2's", () => {
    expect(missingNames({ hasProgram: name => name === 'bridge' }, 'podman')).toEqual(expect.arrayContaining(['netavark', 'aardvark-dns']));
  });

  it('names the plug-ins of CNI for a podman that uses it, and leaves its networks as they are', () => {
    const usesCni = { podmanMajor: 4, networkBackend: 'cni' } as const;
    const names = missingNames(usesCni, 'podman');
    expect(names).toEqual(expect.arrayContaining(['containernetworking-plugins', 'golang-github-containernetworking-plugin-dnsname']));
    expect(names.filter(name => ['netavark', 'aardvark-dns'].includes(name))).toEqual([]);
    const hasAll = { hasLibrary: () => true, hasProgram: () => true, hasStaticProgram: () => true, hasFile: () => true };
    expect(missingNames({ ...hasAll, ...usesCni, hasCniPlugin: name => name === 'bridge' }, 'podman')).toEqual([]);
  });

  it('requires name resolution on networks for the tests alone', () => {
    const withoutNames = { hasLibrary: () => true, hasStaticProgram: () => true, hasFile: () => true, hasCniPlugin: () => false };
    const hasProgram = (name: string) => name !== 'aardvark-dns';
    expect(missingNames({ ...withoutNames, hasProgram }, 'podman', 'redis')).toEqual([]);
    expect(missingNames({ ...withoutNames, hasProgram }, 'podman', 'redis', 'tests')).toEqual(['aardvark-dns']);
  });

  it('names optional packages only together with others', () => {
    expect(missingNames({}, 'podman')).toContain('curl');
    const withoutOptional = { hasLibrary: () => true, hasProgram: (name: string) => name !== 'curl', hasStaticProgram: () => true };
    expect(missingNames(withoutOptional, 'podman', 'redis')).toEqual([]);
    expect(missingNames(withoutOptional, 'podman', 'redis', 'tests')).toContain('curl');
  });

  it('names a package that two groups need once', () => {
    const names = missingNames({}, 'podman', 'redis', 'tests');
    expect(names).toEqual([...new Set(names)]);
  });

  it('names nothing on a host that has everything', () => {
    const all = { hasLibrary: () => true, hasProgram: () => true, hasStaticProgram: () => true, hasFile: () => true };
    expect(missingNames({ ...all, isRootless: true }, 'podman', 'redis', 'tests')).toEqual([]);
  });
});

describe('systemPackages', () => {
  it('has a reason for each package', () => {
    for (const { debian, reason } of systemPackages) expect(reason, debian).toMatch(/^\S.{10,}[^.]$/);
  });
});

describe('filterAvailable', () => {
  const packages = [{ debian: 'podman' }, { debian: 'passt' }];

  it('leaves out what the release does not have', () => {
    const policy = 'podman:\n  Installed: (none)\n  Candidate: 4.3.1\n  Version table:\npasst:\n  Installed: (none)\n  Candidate: (none)\n';
    expect(filterAvailable(packages, policy)).toEqual([{ debian: 'podman' }]);
  });

  it('keeps all if apt has no lists of packages', () => {
    expect(filterAvailable(packages, '')).toEqual(packages);
  });
});
