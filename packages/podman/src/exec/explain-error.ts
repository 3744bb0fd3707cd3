import { PodmanFault } from '../error-patterns/podman-fault.ts';
import type { InspectedContainer } from '../state/container-ids.ts';
import { waitForRecordedEnd } from './container-end.ts';

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

/**
 * Finds out why `podman exec` has failed with an error about its container.
 * @param timeoutMs how long podman may take to record the end of the container; see `waitForRecordedEnd`
 * @returns `stopped` if the container has stopped, was removed or was started again; `running` if it has not; `unrelated` if it runs,
 *   and the error is about another container, so that the command has written it
 */
export async function explainError(
  inspect: InspectContainer,
  error: ExecError,
  timeoutMs?: number,
): Promise<'stopped' | 'running' | 'unrelated'> {
  const check = () =>
    inspect(error.container).then(
      container => findCause(error, container),
      // Other failures of podman say nothing about the container.
      (failure: unknown) => (failure instanceof PodmanFault && failure.reason === 'no-container' ? 'stopped' : undefined),
    );
  return (await waitForRecordedEnd(check, timeoutMs)) ?? 'running';
}

/** Returns `undefined` if the container runs or is paused, and nothing else explains the error. */
function findCause(
  { text, sinceMs }: ExecError,
  { Id, State }: Awaited<ReturnType<InspectContainer>>,
): 'stopped' | 'unrelated' | undefined {
  const isActive = State.Running || State.Paused;
  if (!isActive || Date.parse(State.StartedAt) > sinceMs) return 'stopped';
  const named = /\b(?:container (?:with ID )?|exit\/)([0-9a-f]{64})\b/.exec(text)?.[1];
  return named === undefined || named === Id ? undefined : 'unrelated';
}
