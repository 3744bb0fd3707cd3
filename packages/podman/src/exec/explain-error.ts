import { setTimeout as delay } from 'node:timers/promises';
import { PodmanFault } from '../error-patterns/podman-fault.ts';
import type { InspectedContainer } from '../state/container-ids.ts';

/** Exit codes of a process that SIGKILL ended, and of `podman exec` if podman itself failed. */
export const killedExitCode = 137;
export const podmanErrorExitCode = 255;
/** Time for podman to record that a container has stopped after its processes were killed. */
export const stopNoticeTimeoutMs = 5000;
export const stopPollIntervalMs = 100;

/** Reads a container's id and state. Rejects with a `PodmanFault` (no-container) if there is none. */
export type InspectContainer = (container: string) => Promise<Pick<InspectedContainer, 'Id' | 'State'>>;

/** An error at the end of an exec that podman may have written. */
export interface ExecError {
  readonly text: string;
  /** The container of the exec, by any reference. */
  readonly container: string;
  /** Time in ms since 1970 from which the command may have run: a container that was started later is not the one it ran in. */
  readonly sinceMs: number;
}

type ErrorCause = 'stopped' | 'running' | 'unrelated';

/**
 * Finds out why `podman exec` has failed with an error about its container.
 * @param timeoutMs how long the container may take to stop
 * @returns `stopped` if the container has stopped, was removed or was started again; `running` if it has not; `unrelated` if it runs,
 *   and the error is about another container, so that the command has written it
 */
export async function explainError(inspect: InspectContainer, error: ExecError, timeoutMs = stopNoticeTimeoutMs): Promise<ErrorCause> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const cause = await inspect(error.container).then(
      container => findCause(error, container),
      // Other failures of podman say nothing about the container.
      (failure: unknown) => (failure instanceof PodmanFault && failure.reason === 'no-container' ? 'stopped' : 'running'),
    );
    if (cause !== 'running' || performance.now() >= deadlineMs) return cause;
    await delay(stopPollIntervalMs);
  }
}

function findCause({ text, sinceMs }: ExecError, { Id, State }: Awaited<ReturnType<InspectContainer>>): ErrorCause {
  if (!State.Running || Date.parse(State.StartedAt) > sinceMs) return 'stopped';
  const named = /\b(?:container (?:with ID )?|exit\/)([0-9a-f]{64})\b/.exec(text)?.[1];
  return named === undefined || named === Id ? 'running' : 'unrelated';
}
