import { existsSync } from 'node:fs';
import type { TestContext } from 'vitest';

/**
 * Returns podman's warning that it ignores limits of memory, CPUs and processes for this user; `undefined` if it supports them.
 * Only cgroups v2, whose root has this file, lets a rootless user set limits and pause containers (cgroups(7)).
 */
export function findLimitsWarning(): string | undefined {
  if (process.getuid?.() === 0 || existsSync('/sys/fs/cgroup/cgroup.controllers')) return undefined;
  return 'podman: "Resource limits are not supported and ignored on cgroups V1 rootless systems"';
}

/** Skips a test if this user's podman cannot set limits, and so cannot pause containers either. */
export function skipWithoutLimits({ skip }: Pick<TestContext, 'skip'>): void {
  const warning = findLimitsWarning();
  skip(warning !== undefined, warning);
}

/**
 * Skips a test for an ordinary user, who cannot read the environment of processes in containers: a worker ends them by a shell in
 * the container, see docs/hosts.md.
 */
export function skipWithoutRoot({ skip }: Pick<TestContext, 'skip'>): void {
  skip(process.getuid?.() !== 0, 'only root can read the environment of processes in containers');
}
