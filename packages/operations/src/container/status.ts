/**
 * Names of a container's statuses in podman 4.3 and 5.4 (podman-ps(1)). A newer podman may have others, so that what podman prints
 * is a `string`, and none of the functions below is true of a name that is not listed here.
 */
export const containerStatuses = [
  'created',
  'initialized',
  'running',
  'paused',
  'stopping',
  'stopped',
  'exited',
  'removing',
  'unknown',
] as const;

/** Podman's name of a container's status; podman before 4 writes `configured` for `created`. */
export type ContainerStatus = (typeof containerStatuses)[number] | 'configured';

const neverSetUp = setOf('created', 'configured');
const ended = setOf('exited', 'stopped');
const active = setOf('initialized', 'running', 'paused', 'stopping');
const runningOrPaused = setOf('running', 'paused');

/** Whether a container was created, and neither set up by `podman init` nor started. */
export function isNeverSetUp(status: string): boolean {
  return neverSetUp.has(status);
}

/** Whether the command of a container was not started yet: `isNeverSetUp`, or the container is set up. */
export function isBeforeStart(status: string): boolean {
  return isNeverSetUp(status) || status === 'initialized';
}

/** Whether the command of a container was started and has ended. */
export function hasEnded(status: string): boolean {
  return ended.has(status);
}

/** Whether a container has ended or was never set up: `podman rm` removes it without `--force`. */
export function isStopped(status: string): boolean {
  return hasEnded(status) || isNeverSetUp(status);
}

/** Whether a container has processes, so that it may still write and use resources. */
export function isActive(status: string): boolean {
  return active.has(status);
}

/** Whether the command of a container was started and has not ended, also while it is paused. */
export function isRunningOrPaused(status: string): boolean {
  return runningOrPaused.has(status);
}

function setOf(...statuses: readonly ContainerStatus[]): ReadonlySet<string> {
  return new Set(statuses);
}
