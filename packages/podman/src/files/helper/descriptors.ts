import { closeSync, fstatSync, readdirSync, readlinkSync } from 'node:fs';

/** Returns this process's open descriptors; that of the folder that is read for it is closed before it returns. */
export function openDescriptors(): ReadonlySet<number> {
  return new Set(readdirSync('/proc/self/fd').map(Number).filter(isOpen));
}

/**
 * Closes the files that were opened since, whether or not the code that opened them has closed some. They would keep the file system
 * of a container in use.
 * @param before descriptors that stay open
 * @returns whether exactly those are open now
 */
export function closeDescriptorsExcept(before: ReadonlySet<number>): boolean {
  for (const fd of openDescriptors()) {
    if (!before.has(fd) && hasPath(fd)) closeSync(fd);
  }
  return openDescriptors().symmetricDifference(before).size === 0;
}

function isOpen(fd: number): boolean {
  try {
    fstatSync(fd);
    return true;
  } catch {
    return false;
  }
}

/** Returns whether a descriptor is that of a file. What has no path, such as an epoll instance, belongs to Node.js. */
function hasPath(fd: number): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`).startsWith('/');
  } catch {
    // The path is longer than 4095 bytes, the maximum that the kernel returns (ENAMETOOLONG).
    return true;
  }
}
