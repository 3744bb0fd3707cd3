import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { processesWith, tryKill } from './on-host.ts';

/** How long podman may take to come to its end before it is told to, and then before it is made to, in ms. */
const patience = { SIGTERM: 10_000, SIGKILL: 20_000 } as const;
const lookEvery = 50;

/** See `Podman.settle`. */
export async function settle(variable: string): Promise<void> {
  const begun = performance.now();
  const sent = new Set<string>();
  for (;;) {
    const pids = (await processesWith(variable)).filter(isPodman);
    if (pids.length === 0) return;
    for (const name of ['SIGTERM', 'SIGKILL'] as const) {
      if (performance.now() - begun < patience[name] || sent.has(name)) continue;
      sent.add(name);
      for (const pid of pids) tryKill(pid, name);
    }
    await delay(lookEvery);
  }
}

/**
 * What an ordinary user's podman leaves behind for as long as its container runs, for its network and ports, has its
 * environment too: that must be neither waited for nor ended.
 */
function isPodman(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8') === 'podman\n';
  } catch {
    return false;
  }
}
