import { existsSync, statfsSync } from 'node:fs';
import { release } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram, hasCniPlugin, hasLibrary, isStatic, readText } from './lookup.mjs';
import { findGraphRoot, findSettingsFiles, readNetworkBackend } from './network-backend.mjs';
import { run } from './run.mjs';

/** @import { NetworkBackend } from './network-backend.mjs' */

/**
 * Properties of the host that determine which packages it needs.
 * @typedef {object} Host
 * @property {boolean} isRootless whether podman runs for an ordinary user
 * @property {number | undefined} podmanMajor of the installed podman, or else of the one that would be installed
 * @property {NetworkBackend} networkBackend of the installed podman, or else of the one that would be installed
 * @property {boolean} hasCgroupsV1
 * @property {boolean} hasSystemd whether systemd is the init process
 * @property {boolean} needsFuseOverlayfs whether the kernel's overlay does not work where podman stores containers
 * @property {boolean} hasTestImages whether the archives of the tests' images are made
 * @property {(name: string) => boolean} hasProgram
 * @property {(name: string) => boolean} hasStaticProgram
 * @property {(name: string) => boolean} hasCniPlugin
 * @property {(name: string) => boolean} hasLibrary
 * @property {(path: string) => boolean} hasFile
 */

/** Podman's major version by release, for a host whose lists of packages are empty. */
const podmanByRelease = new Map([
  ['bookworm', 4],
  ['noble', 4],
  ['trixie', 5],
]);

const testImages = fileURLToPath(new URL('../../../.podman-api/test/images/', import.meta.url));

/**
 * Reads the properties of this host; changes nothing.
 * @returns {Host}
 */
export function readHost() {
  const isRootless = process.getuid?.() !== 0;
  /** @type {{ major: number | undefined } | undefined} */
  let podman;
  return {
    isRootless,
    get podmanMajor() {
      podman ??= { major: readPodmanMajor() };
      return podman.major;
    },
    get networkBackend() {
      return readNetworkBackend(this.podmanMajor, findSettingsFiles(), findGraphRoot(isRootless));
    },
    hasCgroupsV1: !existsSync('/sys/fs/cgroup/cgroup.controllers'),
    hasSystemd: existsSync('/run/systemd/system'),
    needsFuseOverlayfs: needsFuseOverlayfs(isRootless),
    hasTestImages: ['busybox.tar', 'debian.tar'].every(name => existsSync(join(testImages, name))),
    hasProgram: name => findProgram(name) !== undefined,
    hasStaticProgram: name => {
      const path = findProgram(name);
      return path !== undefined && isStatic(path);
    },
    hasCniPlugin: name => hasCniPlugin(name),
    hasLibrary,
    hasFile: existsSync,
  };
}

function readPodmanMajor() {
  const installed = run('podman', ['--version']);
  const candidate = installed.ok ? installed.output : run('apt-cache', ['policy', 'podman']).output;
  const [, major] = /(?:version |Candidate: )(\d+)/.exec(candidate) ?? [];
  if (major !== undefined) return Number(major);
  const [, name = ''] = /^VERSION_CODENAME=(.*)$/m.exec(readText('/etc/os-release')) ?? [];
  return podmanByRelease.get(name) ?? (findProgram('dnf') ? 5 : undefined);
}

/**
 * Returns whether the kernel's overlay cannot be used: it does not stack on another overlay, and ordinary users need Linux 5.13.
 * @param {boolean} isRootless
 */
function needsFuseOverlayfs(isRootless) {
  if (!existsSync('/dev/fuse')) return false;
  return isOnOverlay(findGraphRoot(isRootless)) || (isRootless && isOlder(release(), 5, 13));
}

/** @param {string} path */
function isOnOverlay(path) {
  const overlayMagic = 0x794c7630; // statfs(2)
  // Node.js 18 before 18.15 has no statfs.
  if (typeof statfsSync !== 'function') return false;
  let existing = path;
  while (!existsSync(existing) && existing !== '/') existing = dirname(existing);
  return statfsSync(existing).type === overlayMagic;
}

/**
 * @param {string} version
 * @param {number} major
 * @param {number} minor
 */
function isOlder(version, major, minor) {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number.parseFloat);
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}
