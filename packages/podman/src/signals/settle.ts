import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { helperMarker } from '../files/protocol.ts';
import { isInOwnPidNamespace, processesWith, tryKill } from './host-processes.ts';

/** Time for podman, or a helper for files, to end by itself before each signal. */
const signalAfterMs = { SIGTERM: 10_000, SIGKILL: 20_000 } as const;
const pollIntervalMs = 50;

/** See `Podman.settle`. */
export async function settle(variable: string): Promise<void> {
  const startedAtMs = performance.now();
  const sent = new Set<string>();
  for (;;) {
    const pids = await processesWith(variable, async pid => (await isPodmanOrHelper(pid)) && (await isInOwnPidNamespace(pid)));
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
 * environment too and must be neither waited for nor ended. The helper is a process of Node.js.
 */
async function isPodmanOrHelper(pid: number): Promise<boolean> {
  const [name, commandLine] = await Promise.all(['comm', 'cmdline'].map(file => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')));
  return name === 'podman\n' || commandLine?.split('\0').includes(helperMarker) === true;
}
