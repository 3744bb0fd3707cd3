import { readFile } from 'node:fs/promises';
import { isRemotePodman } from '../process/remote-podman.ts';
import type { PodmanHost } from '../process/spawn.ts';

/** One mount that a process sees, proc_pid_mountinfo(5). */
export interface Mount {
  /** `major:minor` of the file system. */
  readonly device: string;
  /** Path of the mounted file or folder within that file system. */
  readonly root: string;
  /** Path at which the process sees it. */
  readonly target: string;
}

/** Returns the function for `Podman.mountsOf`. */
export function createMountsOf(host: PodmanHost): (pid: number | 'self') => Promise<readonly Mount[] | undefined> {
  return async pid => {
    // The processes of a podman on another machine have their ids there.
    if (isRemotePodman(host)) return undefined;
    const text = await readFile(`/proc/${pid}/mountinfo`, 'utf8').catch(() => undefined);
    return text === undefined ? undefined : parseMounts(text);
  };
}

/** Parses a mountinfo file, proc_pid_mountinfo(5), which writes some characters as backslash and three octal digits. */
export function parseMounts(text: string): Mount[] {
  return text.split('\n').flatMap(line => {
    const [, , device, root, target] = line.split(' ');
    if (device === undefined || root === undefined || target === undefined) return [];
    return [{ device, root: unescapePath(root), target: unescapePath(target) }];
  });
}

function unescapePath(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
