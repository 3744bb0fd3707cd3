import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Folders beside those on the path: an ordinary user's path lacks the first three; podman keeps its helpers in the others. */
const programFolders = [
  ...['/usr/local/sbin', '/usr/sbin', '/sbin'],
  ...['/usr/local/libexec/podman', '/usr/local/lib/podman', '/usr/libexec/podman', '/usr/lib/podman'],
];

/** Folders in which podman looks for plug-ins of CNI, if `cni_plugin_dirs` in containers.conf(5) is not set. */
const cniFolders = ['/usr/local/libexec/cni', '/usr/libexec/cni', '/usr/local/lib/cni', '/usr/lib/cni', '/opt/cni/bin'];

const libraryFolders = ['/lib', '/lib64', '/usr/lib', '/usr/lib64', '/usr/local/lib'];

/**
 * Finds a program on the path or where podman looks for its helpers.
 * @param {string} name
 * @returns {string | undefined} its path
 */
export function findProgram(name) {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean), ...programFolders];
  return folders.map(folder => join(folder, name)).find(isExecutable);
}

/**
 * Whether podman finds a plug-in of CNI. Programs on the path do not count: iproute2 has one that is called "bridge", like a plug-in.
 * @param {string} name
 * @param {readonly string[]} folders default: podman's
 */
export function hasCniPlugin(name, folders = cniFolders) {
  return folders.some(folder => isExecutable(join(folder, name)));
}

/**
 * Whether a library is in one of the folders that the loader searches by default.
 * @param {string} name
 */
export function hasLibrary(name) {
  const own = (process.env['LD_LIBRARY_PATH'] ?? '').split(delimiter).filter(Boolean);
  const folders = [...own, ...libraryFolders];
  // Debian keeps them one folder deeper: /usr/lib/x86_64-linux-gnu.
  const multiarchFolders = ['/lib', '/usr/lib'].flatMap(folder => subfolders(folder).filter(path => path.includes('-linux-')));
  return [...folders, ...multiarchFolders].some(folder => existsSync(join(folder, name)));
}

/**
 * Whether a program runs without any library, as it must in an image that contains nothing else.
 * @param {string} path
 */
export function isStatic(path) {
  const elf = readFileSync(path);
  if (elf.toString('latin1', 0, 4) !== '\x7fELF') return false;
  const is64Bit = elf[4] === 2;
  const isLittleEndian = elf[5] === 1;
  const read16 = (/** @type {number} */ at) => (isLittleEndian ? elf.readUInt16LE(at) : elf.readUInt16BE(at));
  const read32 = (/** @type {number} */ at) => (isLittleEndian ? elf.readUInt32LE(at) : elf.readUInt32BE(at));
  const read64 = (/** @type {number} */ at) => Number(isLittleEndian ? elf.readBigUInt64LE(at) : elf.readBigUInt64BE(at));
  const [start, size, count] = is64Bit ? [read64(32), read16(54), read16(56)] : [read32(28), read16(42), read16(44)];
  const types = Array.from({ length: count }, (_, index) => read32(start + index * size));
  const interpreter = 3; // PT_INTERP, elf(5): the loader that a program with libraries needs.
  return !types.includes(interpreter);
}

/**
 * @param {string} path
 * @returns {string} empty if the file cannot be read
 */
export function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} folder */
function subfolders(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(entry => join(folder, entry.name));
  } catch {
    return [];
  }
}
