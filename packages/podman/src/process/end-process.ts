import { setTimeout as delay } from 'node:timers/promises';
import { type JobOutcomeError, unknownOutcomeError } from '@podman-api/errors';

/** Time for podman to exit by itself, without the time that the calls of `stop` take; after that, time for it to exit on SIGTERM. */
const podmanGraceMs = 5000;
/** Time for podman to notice that its command has ended before `stop` is called again. */
const noticeTimeoutMs = 200;

/** A podman process that runs. */
export interface RunningProcess {
  /** Sends a signal. @returns whether the process was still running */
  kill(name: NodeJS.Signals): boolean;
  /** Aborted when the process has ended. */
  readonly ended: AbortSignal;
}

/**
 * Ends a podman process: by `stop` if there is one, then by SIGTERM, then by SIGKILL. Resolves when that is done or the process
 * has ended.
 * @param stop ends the command in the container, however long that takes, and returns whether it may have ended any process
 * @returns whether the command or podman may have been ended; false if both had ended by themselves
 * @throws JobOutcomeError (unknown) if `stop` fails; podman is ended all the same
 */
export async function endProcess({ kill, ended }: RunningProcess, stop: (() => Promise<boolean>) | undefined): Promise<boolean> {
  let wasEnded = false;
  const sendSignal = (name: NodeJS.Signals) => {
    if (kill(name)) wasEnded = true;
  };
  const stopCommand =
    stop &&
    (async () => {
      const hasStopped = await stop().catch(error => {
        kill('SIGKILL');
        throw mayStillRunError(error);
      });
      wasEnded ||= hasStopped;
    });
  // Called repeatedly: a podman that is still starting has nothing in the container yet.
  for (let waitedMs = 0; stopCommand && waitedMs < podmanGraceMs; waitedMs += noticeTimeoutMs) {
    await stopCommand();
    if (await waitForEnd(noticeTimeoutMs, ended)) return wasEnded;
  }
  sendSignal('SIGTERM');
  if (!(await waitForEnd(podmanGraceMs, ended))) sendSignal('SIGKILL');
  await stopCommand?.();
  return wasEnded;
}

function mayStillRunError(cause: unknown): JobOutcomeError {
  return unknownOutcomeError('the command could not be stopped in the container and may still be running', { cause });
}

async function waitForEnd(timeoutMs: number, ended: AbortSignal): Promise<boolean> {
  return delay(timeoutMs, false, { signal: ended }).catch(() => true);
}
