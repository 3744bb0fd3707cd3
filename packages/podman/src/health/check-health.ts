import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { podmanEnvironment } from '../process/podman-environment.ts';
import { isRemotePodman } from '../process/remote-podman.ts';
import type { RunPodman } from '../process/run-process.ts';
import { findProcesses, isInOwnPidNamespace, tryKill } from '../signals/host-processes.ts';

/**
 * Whether podman on this host runs health checks by itself. It does so by timers of systemd, which it reaches by this socket
 * (libpod/healthcheck_linux.go of podman 4.3 and 5.4); without it, it only logs an error when a container starts.
 */
export function hasHealthTimers(): boolean {
  // A podman on another machine has the timers of that machine.
  if (isRemotePodman({ env: podmanEnvironment(process.env) })) return true;
  const uid = process.getuid?.() ?? 0;
  const folder = uid === 0 ? '/run' : (process.env['XDG_RUNTIME_DIR'] ?? `/run/user/${uid}`);
  return existsSync(`${folder}/systemd/private`);
}

/**
 * Returns the function for `Podman.checkHealth`. Podman up to 5.4 lets a check run however long it takes, and then counts it as
 * failed. So a check that is to end is ended in the container, and podman records the result.
 */
export function createCheckHealth(run: RunPodman): (container: string, signal: AbortSignal) => Promise<void> {
  return async (container, signal) => {
    // Conmon gets podman's variables LC_* (libpod/oci_conmon_common.go), the container's processes do not.
    const [name, value] = ['LC_PODMAN_API_CHECK', randomUUID()];
    const stop = async () => {
      await endChildrenOfConmon(`${name}=${value}`);
      // Podman itself records the result of the check, however it has ended.
      return true;
    };
    await run(['healthcheck', 'run', '--', container], { env: { [name]: value }, signal, stop }, () => undefined);
  };
}

/** Ends everything that a conmon with a variable in its environment has started. Conmon itself then reports the end to podman. */
async function endChildrenOfConmon(variable: string): Promise<void> {
  const monitors = await findProcesses(variable, async pid => (await isConmon(pid)) && (await isInOwnPidNamespace(pid)));
  if (monitors.length === 0) return;
  const parents = await readParents();
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && (monitors.includes(parents.get(pid) ?? 0) || isBelow(parents.get(pid)));
  for (const pid of parents.keys()) if (isBelow(pid)) tryKill(pid, 'SIGKILL');
}

async function isConmon(pid: number): Promise<boolean> {
  return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')) === 'conmon\n';
}

/** Returns the parent of each process of this host. */
async function readParents(): Promise<ReadonlyMap<number, number>> {
  const pids = (await readdir('/proc')).filter(entry => /^\d+$/.test(entry)).map(Number);
  const parents = new Map<number, number>();
  for (const pid of pids) {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
    // The name of the program, in parentheses, may contain anything (proc_pid_stat(5)).
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (parent > 0) parents.set(pid, parent);
  }
  return parents;
}
