import { userInfo } from 'node:os';
import { readText } from './lookup.mjs';

/** Number of ids that a container may use: as many as useradd(8) gives each user. */
const count = 65_536;
const firstId = 100_000;

/**
 * Returns the command that gives this user the subordinate ids that rootless containers need, subuid(5).
 * @returns {string[] | undefined} `undefined` if the user has them, or is root
 */
export function subordinateIdsCommand() {
  const { uid, username } = userInfo();
  // If they come from another source, usermod(8) does not manage them.
  if (uid === 0 || /^subid:/m.test(readText('/etc/nsswitch.conf'))) return undefined;
  return usermodCommand({ uid, username }, readText('/etc/subuid'), readText('/etc/subgid'));
}

/**
 * @param {{ uid: number, username: string }} user
 * @param {string} subuid content of /etc/subuid
 * @param {string} subgid content of /etc/subgid
 * @returns {string[] | undefined}
 */
export function usermodCommand({ uid, username }, subuid, subgid) {
  const start = Math.max(firstId, ...rangeEnds(subuid), ...rangeEnds(subgid));
  const range = `${start}-${start + count - 1}`;
  const hasNoRange = (/** @type {string} */ file) =>
    !file.split('\n').some(line => [username, String(uid)].includes(line.split(':')[0] ?? ''));
  const options = [...(hasNoRange(subuid) ? ['--add-subuids', range] : []), ...(hasNoRange(subgid) ? ['--add-subgids', range] : [])];
  return options.length === 0 ? undefined : ['usermod', ...options, username];
}

/** @param {string} file */
function rangeEnds(file) {
  return [...file.matchAll(/^[^:\n]+:(\d+):(\d+)$/gm)].map(([, start, length]) => Number(start) + Number(length));
}
