import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readText } from './lookup.mjs';

/** @typedef {'cni' | 'netavark'} NetworkBackend */

/** Podman's first major version without CNI. */
const firstMajorWithoutCni = 5;

/**
 * Finds out which network backend podman uses, without running podman: podman's first command fixes the backend of a new storage,
 * by the programs that are installed then.
 * @param {number | undefined} podmanMajor version of podman; `undefined` if it is not known
 * @param {readonly string[]} settingsFiles of containers.conf(5), the last one of which wins
 * @param {string} graphRoot of podman's storage
 * @returns {NetworkBackend} netavark for a storage that podman has not used yet
 */
export function readNetworkBackend(podmanMajor, settingsFiles, graphRoot) {
  if (podmanMajor === undefined || podmanMajor >= firstMajorWithoutCni) return 'netavark';
  const settings = settingsFiles.map(path => /^\s*network_backend\s*=\s*"(\w+)"/m.exec(readText(path))?.[1]);
  return [...settings.reverse(), readRecordedBackend(graphRoot)].find(isNetworkBackend) ?? 'netavark';
}

/**
 * Reads what podman has recorded in its storage with its first command.
 * @param {string} graphRoot
 * @returns {NetworkBackend | undefined}
 */
export function readRecordedBackend(graphRoot) {
  const recorded = readText(join(graphRoot, 'defaultNetworkBackend'));
  return isNetworkBackend(recorded) ? recorded : undefined;
}

/**
 * Returns the folder of podman's storage, if storage.conf does not name another one.
 * @param {boolean} isRootless
 */
export function findGraphRoot(isRootless) {
  const data = process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local/share');
  return isRootless ? join(data, 'containers/storage') : '/var/lib/containers/storage';
}

/** Files of containers.conf(5) in the order in which podman reads them, without the drop-in folders. */
export function findSettingsFiles() {
  const own = process.env['CONTAINERS_CONF'];
  const user = join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'containers/containers.conf');
  const files = ['/usr/share/containers/containers.conf', '/etc/containers/containers.conf', user];
  return (own === undefined ? files : [own]).filter(path => existsSync(path));
}

/**
 * @param {string | undefined} name
 * @returns {name is NetworkBackend}
 */
function isNetworkBackend(name) {
  return name === 'cni' || name === 'netavark';
}
