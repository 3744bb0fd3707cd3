import { readFileSync, statfsSync } from 'node:fs';
import { FileError } from './failure.ts';
import { pathOf } from './tree.ts';

/** File systems of the kernel, by their magic numbers (statfs(2)): proc, sysfs, cgroup, cgroup2, debugfs, tracefs, securityfs. */
const kernelFileSystems: ReadonlySet<number> = new Set([0x9fa0, 0x62656572, 0x27e0eb, 0x63677270, 0x64626720, 0x74726163, 0x73636673]);

/** Whether an open file or folder is in a file system of the kernel, such as proc. */
export function isInKernelFileSystem(fd: number): boolean {
  return kernelFileSystems.has(statfsSync(pathOf(fd)).type);
}

/** Checks that a place is in no file system of the kernel. @throws FileError (kernel) */
export function rejectKernelFileSystem(fd: number, path: string): void {
  if (isInKernelFileSystem(fd)) throw new FileError('kernel', path);
}

/**
 * Checks that a place is not a mount. The kernel would let a process outside of the container replace or remove a file that is
 * mounted only inside, and unmount it there (rename(2)).
 * @throws FileError (mounted)
 */
export function rejectMount(folder: number, fd: number, path: string): void {
  if (readMountId(folder) !== readMountId(fd)) throw new FileError('mounted', path);
}

/** Returns the id of the mount that an open file or folder belongs to (proc_pid_fdinfo(5)). */
function readMountId(fd: number): string {
  return /^mnt_id:\s+(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? '';
}
