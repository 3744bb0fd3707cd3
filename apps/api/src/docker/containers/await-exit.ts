import type { FleetEvent } from '@podman-api/cluster';
import { ApiError } from '@podman-api/errors';

/** What a client can wait for. */
export const waitConditions = ['not-running', 'next-exit', 'removed'] as const;

/** State of a container at one time. */
export interface WaitState {
  readonly id: string;
  readonly isRunning: boolean;
  readonly finishedAt: string;
  /** When it last started or ended, in ms since 1970; negative if never. An event from before that arrived late and is ignored. */
  readonly changedAtMs: number;
  /** `undefined` if it runs or stops, or was never started. */
  readonly exitCode: number | undefined;
}

/** Parameters of `awaitExit`. */
export interface ExitWait {
  /** The container's state when the wait began. */
  readonly before: WaitState;
  readonly condition: (typeof waitConditions)[number];
  /** The events of the fleet; an item without an event is ignored. */
  readonly events: AsyncIterator<{ readonly event?: FleetEvent }>;
  /** Aborted when the client has disconnected or this process stops. */
  readonly signal: AbortSignal;
  /** Returns the container's state; `undefined` if there is no such container any more. */
  inspect(): Promise<WaitState | undefined>;
}

/** Time after which the container is inspected again, in case an event was lost. */
const recheckIntervalMs = 15_000;
/** Time for the event with the exit code to arrive after an inspection has shown that the container was removed. */
const lateEventTimeoutMs = 10_000;

/**
 * Waits until a condition of a container holds: by the events of the fleet, and by inspecting it regularly and after a gap in the events.
 * @returns the exit code of the container; 0 if it was never started
 * @throws ApiError (503) when this process stops, (409) if the container was removed and its exit code was not observed
 */
export async function awaitExit({ before, condition, events, signal, inspect }: ExitWait): Promise<number> {
  if (condition === 'not-running' && !before.isRunning) return before.exitCode ?? 0;
  let { exitCode } = before;
  /** Whether the container has run, or may have, since `exitCode` was observed. */
  let mayHaveRun = hasUnobservedEnd(before);
  const requireExitCode = () => {
    if (mayHaveRun) throw new ApiError('ConflictError', 'The container was removed before its exit code was observed.');
    return exitCode ?? 0;
  };
  const isExit = (now: WaitState) => !now.isRunning && (condition === 'not-running' || now.finishedAt !== before.finishedAt);

  // It may fail while something else is awaited: its error is thrown when it is awaited.
  const readNext = () => {
    const item = events.next();
    item.catch(() => {});
    return item;
  };
  let next = readNext();
  let recheckAtMs = Date.now() + recheckIntervalMs;
  let isRemoved = false;
  for (;;) {
    const recheck = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => recheck.resolve(undefined), recheckAtMs - Date.now());
    const item = await Promise.race([next, recheck.promise]).finally(() => clearTimeout(timer));
    if (item?.done || signal.aborted)
      throw new ApiError('ServiceUnavailableError', 'The service is shutting down: send the request again.');
    if (item) next = readNext();
    const event = item?.value.event;
    if (item && !event) continue;
    if (event && event.type !== 'gap') {
      if (event.type !== 'container' || !before.id.startsWith(event.resource_id)) continue;
      if (event.action === 'remove') return requireExitCode();
      if (Date.parse(event.time) <= before.changedAtMs) continue;
      if (event.action === 'start') mayHaveRun = true;
      if (event.action !== 'died') continue;
      if (event.exit_code !== null) {
        exitCode = event.exit_code;
        mayHaveRun = false;
        if (condition !== 'removed' || isRemoved) return exitCode;
        continue;
      }
    }
    if (isRemoved) {
      if (item) continue;
      return requireExitCode();
    }
    const now = await inspect();
    recheckAtMs = Date.now() + recheckIntervalMs;
    if (now) {
      exitCode = now.exitCode;
      mayHaveRun = hasUnobservedEnd(now);
      if (condition !== 'removed' && isExit(now)) return exitCode ?? 0;
      continue;
    }
    // Without events, it may have been started, and have ended, since it was inspected.
    mayHaveRun ||= condition !== 'removed' || exitCode === undefined;
    if (!mayHaveRun) return requireExitCode();
    isRemoved = true;
    recheckAtMs = Date.now() + lateEventTimeoutMs;
  }
}

/** Whether a container was started and has no exit code: it runs, or podman has not recorded its end yet. */
function hasUnobservedEnd({ exitCode, changedAtMs }: WaitState): boolean {
  return exitCode === undefined && changedAtMs > 0;
}
