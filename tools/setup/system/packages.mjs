// Packages that the project needs from the host's package manager, each with the reason. Debian's podman is installed without
// its recommended packages, so each one that a container needs is named here.

import { testPackages } from './test-packages.mjs';

/** @import { Host } from './host.mjs' */
/** @import { SystemPackage } from './test-packages.mjs' */

/** @type {(host: Host) => boolean} */
const usesNftables = ({ podmanMajor }) => podmanMajor === undefined || podmanMajor >= 5;
/** @type {(host: Host) => boolean} */
const usesIptables = ({ podmanMajor }) => podmanMajor === undefined || podmanMajor < 5;
/** @type {(host: Host) => boolean} */
const usesNetavark = ({ networkBackend }) => networkBackend === 'netavark';
/**
 * A podman that has stored something with CNI keeps it, even if netavark is installed later.
 * @type {(host: Host) => boolean}
 */
const usesCni = ({ networkBackend }) => networkBackend === 'cni';

/** @type {Omit<SystemPackage, 'group'>} */
const aardvark = {
  debian: 'aardvark-dns',
  reason: 'resolves the names of containers on the same network',
  isNeeded: usesNetavark,
  isPresent: host => host.hasProgram('aardvark-dns'),
};

/** @type {Omit<SystemPackage, 'group'>} */
const dnsname = {
  debian: 'golang-github-containernetworking-plugin-dnsname',
  fedora: 'podman-plugins',
  reason: 'resolves the names of containers on the same network; this podman uses CNI',
  isNeeded: usesCni,
  isPresent: host => host.hasCniPlugin('dnsname'),
};

/** @type {readonly SystemPackage[]} */
export const systemPackages = [
  {
    group: 'node',
    debian: 'libatomic1',
    fedora: 'libatomic',
    reason: 'a library of the Node.js that comes with the npm packages',
    isPresent: host => host.hasLibrary('libatomic.so.1'),
  },
  {
    group: 'podman',
    debian: 'podman',
    reason: 'runs the containers',
    isPresent: host => host.hasProgram('podman'),
  },
  {
    group: 'podman',
    debian: 'conmon',
    reason: 'watches each container',
    isPresent: host => host.hasProgram('conmon'),
  },
  {
    group: 'podman',
    debian: 'crun',
    reason: 'starts the processes of a container',
    isNeeded: host => !host.hasCgroupsV1,
    isPresent: host => host.hasProgram('crun') || host.hasProgram('runc'),
  },
  {
    group: 'podman',
    debian: 'runc',
    reason: 'starts the processes of a container; crun refuses the cgroups v1 of this host',
    isNeeded: host => host.hasCgroupsV1,
    isPresent: host => host.hasProgram('runc'),
  },
  {
    group: 'podman',
    debian: 'netavark',
    reason: 'connects containers to networks',
    isNeeded: usesNetavark,
    isPresent: host => host.hasProgram('netavark'),
  },
  {
    group: 'podman',
    debian: 'containernetworking-plugins',
    reason: 'connects containers to networks; this podman uses CNI',
    isNeeded: usesCni,
    isPresent: host => host.hasCniPlugin('bridge'),
  },
  {
    group: 'podman',
    debian: 'nftables',
    reason: 'publishes ports, for podman 5',
    isNeeded: usesNftables,
    isPresent: host => host.hasProgram('nft'),
  },
  {
    group: 'podman',
    debian: 'iptables',
    reason: 'publishes ports, for podman 4',
    isNeeded: usesIptables,
    isPresent: host => host.hasProgram('iptables'),
  },
  {
    group: 'podman',
    debian: 'passt',
    reason: "connects an ordinary user's containers to the network, for podman 5",
    isNeeded: host => host.isRootless && usesNftables(host),
    isPresent: host => host.hasProgram('pasta'),
  },
  {
    group: 'podman',
    debian: 'slirp4netns',
    reason: "connects an ordinary user's containers to the network, for podman 4",
    isNeeded: host => host.isRootless && usesIptables(host),
    isPresent: host => host.hasProgram('slirp4netns'),
  },
  {
    group: 'podman',
    debian: 'uidmap',
    fedora: 'shadow-utils',
    reason: 'maps user ids for rootless containers (newuidmap)',
    isNeeded: host => host.isRootless,
    isPresent: host => host.hasProgram('newuidmap') && host.hasProgram('newgidmap'),
  },
  {
    group: 'podman',
    debian: 'fuse-overlayfs',
    reason: "stores images and containers; the kernel's overlay does not work where this user's are stored",
    isNeeded: host => host.needsFuseOverlayfs,
    isPresent: host => host.hasProgram('fuse-overlayfs'),
  },
  {
    group: 'podman',
    debian: 'dbus-user-session',
    fedora: 'dbus-broker',
    reason: "lets systemd limit the memory and CPU of an ordinary user's containers",
    isNeeded: host => host.isRootless && host.hasSystemd,
    isPresent: host => host.hasFile('/usr/lib/systemd/user/dbus.socket'),
    isOptional: true,
  },
  {
    group: 'podman',
    debian: 'busybox-static',
    fedora: 'busybox',
    reason: 'becomes the image for the first container',
    isPresent: host => host.hasStaticProgram('busybox'),
  },
  { ...aardvark, group: 'podman', isOptional: true },
  { ...dnsname, group: 'podman', isOptional: true },
  {
    group: 'podman',
    debian: 'catatonit',
    reason: 'the init process of containers with "init": true',
    isPresent: host => host.hasProgram('catatonit'),
    isOptional: true,
  },
  {
    group: 'podman',
    debian: 'ca-certificates',
    reason: 'lets podman pull images over HTTPS',
    isPresent: host => host.hasFile('/etc/ssl/certs/ca-certificates.crt') || host.hasFile('/etc/pki/tls/certs/ca-bundle.crt'),
    isOptional: true,
  },
  {
    group: 'podman',
    debian: 'curl',
    reason: 'sends the first calls in the README',
    isPresent: host => host.hasProgram('curl'),
    isOptional: true,
  },
  {
    group: 'redis',
    debian: 'redis-server',
    fedora: 'valkey',
    reason: 'keeps the queue; Debian also starts it as a service on port 6379, which this project does not use',
    isPresent: host => host.hasProgram('redis-server') || host.hasProgram('valkey-server'),
  },
  // Tests connect containers by their names.
  { ...aardvark, group: 'tests' },
  { ...dnsname, group: 'tests' },
  ...testPackages,
];

/**
 * Returns the packages that the host lacks for some groups, each once. Optional ones are included only together with others.
 * @param {Host} host
 * @param {readonly string[]} groups
 * @returns {SystemPackage[]}
 */
export function missingPackages(host, groups) {
  const missing = systemPackages.filter(
    ({ group, isNeeded, isPresent }) => (group === 'node' || groups.includes(group)) && (isNeeded?.(host) ?? true) && !isPresent(host),
  );
  if (missing.every(({ isOptional }) => isOptional)) return [];
  return missing.filter(({ debian }, index) => missing.findIndex(other => other.debian === debian) === index);
}
