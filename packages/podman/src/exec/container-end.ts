import { setTimeout as delay } from 'node:timers/promises';

/** Exit codes of a process that SIGKILL ended, and of `podman exec` if podman itself failed. */
export const killedExitCode = 137;
export const podmanErrorExitCode = 255;

/** Time for podman to record that a container has stopped, which on a busy host is some time after its processes were killed. */
const recordTimeoutMs = 5000;
const pollIntervalMs = 100;

/**
 * Checks a container until podman has recorded its end.
 * @param check returns `undefined` while the container runs
 * @param timeoutMs default: five seconds; 0 checks once
 * @returns the result of the last check
 */
export async function waitForRecordedEnd<End>(
  check: () => Promise<End | undefined>,
  timeoutMs = recordTimeoutMs,
): Promise<End | undefined> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const end = await check();
    if (end !== undefined || performance.now() >= deadlineMs) return end;
    await delay(pollIntervalMs);
  }
}
