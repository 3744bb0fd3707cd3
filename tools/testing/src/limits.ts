import { existsSync } from 'node:fs';

/**
 * Why podman gives containers of this user no limits of memory, CPUs and processes, in podman's words; nothing where it
 * does. Only cgroups v2, whose root has this file, lets an ordinary user set any (cgroups(7)).
 */
export function whyNoLimits(): string | undefined {
  if (process.getuid?.() === 0 || existsSync('/sys/fs/cgroup/cgroup.controllers')) return undefined;
  return 'podman: "Resource limits are not supported and ignored on cgroups V1 rootless systems"';
}
