import { closeSync, readdirSync, readlinkSync } from 'node:fs';

/** Returns this process's open descriptors; that of the folder that is read for it is closed by now. */
export function openDescriptors(): ReadonlySet<number> {
  return new Set(
    readdirSync('/proc/self/fd')
      .map(Number)
      .filter(fd => targetOf(fd) !== undefined),
  );
}

/**
 * Closes the files that were opened since, whether or not the code that opened them has closed some. They would keep the file system
 * of a container in use.
 * @param before descriptors that stay open
 * @returns whether exactly those are open now
 */
export function closeDescriptorsExcept(before: ReadonlySet<number>): boolean {
  for (const fd of openDescriptors()) {
    // What has no path, such as an epoll instance, belongs to Node.js.
    if (!before.has(fd) && targetOf(fd)?.startsWith('/')) closeSync(fd);
  }
  return openDescriptors().symmetricDifference(before).size === 0;
}

function targetOf(fd: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
}
