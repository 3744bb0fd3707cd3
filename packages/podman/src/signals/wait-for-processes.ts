import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { findProcesses, isInOwnPidNamespace, tryKill } from './host-processes.ts';

/** Time for podman, or a helper for files, to end by itself before each signal. */
const signalAfterMs = { SIGTERM: 10_000, SIGKILL: 20_000 } as const;
const pollIntervalMs = 50;

/**
 * See `Podman.waitForProcesses`.
 * @param findOthers finds processes that are not podman's and have the variable elsewhere than in their environment
 */
export async function waitForProcesses(variable: string, findOthers: (variable: string) => Promise<readonly number[]>): Promise<void> {
  const startedAtMs = performance.now();
  const sent = new Set<string>();
  for (;;) {
    const podmans = await findProcesses(variable, async pid => (await isPodman(pid)) && (await isInOwnPidNamespace(pid)));
    const pids = [...podmans, ...(await findOthers(variable))];
    if (pids.length === 0) return;
    for (const name of ['SIGTERM', 'SIGKILL'] as const) {
      if (performance.now() - startedAtMs < signalAfterMs[name] || sent.has(name)) continue;
      sent.add(name);
      for (const pid of pids) tryKill(pid, name);
    }
    await delay(pollIntervalMs);
  }
}

/**
 * Rootless podman leaves processes behind for as long as a container runs, for its network and ports; they have podman's
 * environment too and must be neither waited for nor ended.
 */
async function isPodman(pid: number): Promise<boolean> {
  return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')) === 'podman\n';
}
