import { existsSync } from 'node:fs';

/**
 * Returns podman's warning that it ignores limits of memory, CPUs and processes for this user; `undefined` if it supports them.
 * Only cgroups v2, whose root has this file, lets a rootless user set limits (cgroups(7)).
 */
export function findLimitsWarning(): string | undefined {
  if (process.getuid?.() === 0 || existsSync('/sys/fs/cgroup/cgroup.controllers')) return undefined;
  return 'podman: "Resource limits are not supported and ignored on cgroups V1 rootless systems"';
}
