import { OutputBuffer } from '../capture/output-buffer.ts';
import { isRemotePodman } from '../process/remote-podman.ts';
import { runProcess } from '../process/run-process.ts';
import type { PodmanHost } from '../process/spawn.ts';
import type { IdentifiedContainer } from '../state/container-ids.ts';
import { createContainerProcessFilter, findProcesses, isInContainer, tryKill } from './host-processes.ts';

/**
 * Sends a signal to every process of a container whose environment holds the variable, and returns how many there were; `0` only counts.
 * The variable belongs to one job or session: if it is not certain which container the processes are in, all are searched.
 */
export type SendSignal = (signal: NodeJS.Signals | '0', container: IdentifiedContainer, variable: string) => Promise<number>;

/** Resolves a reference to a container's full id; `undefined` if there is no such container. */
type ResolveId = (container: string) => Promise<string | undefined>;

/**
 * Signals the processes that have the variable and prints how many there were; the signal 0 only counts them. Needs sh, tr
 * and grep in the image. Without tr, BusyBox's grep would read the first variable only, because a NUL ends its lines.
 */
const script = `n=0
for e in /proc/[0-9]*/environ; do
  if { tr '\\000' '\\n' <"$e" | grep -qxF -- "$2"; } 2>/dev/null; then p=\${e#/proc/}; kill -s "$1" "\${p%/environ}" 2>/dev/null && n=$((n+1)); fi
done
echo "$n"`;

/**
 * Returns the function that signals processes in containers of this host. The host's own `/proc` shows the processes of every
 * container, with or without a shell in its image, but only to root, and only if podman does not run on another machine.
 * Otherwise a script in the container does the same.
 */
export function createSendSignal(host: PodmanHost, resolveId: ResolveId): SendSignal {
  const isLocal = process.getuid?.() === 0 && !isRemotePodman(host);
  return isLocal ? sendOnHost(resolveId) : sendInContainer(host, resolveId);
}

/**
 * Finds the processes in the host's `/proc`. Searches all containers if the id is not known or the reference now means another container:
 * the container may have been renamed before or after podman resolved the reference.
 */
function sendOnHost(resolveId: ResolveId): SendSignal {
  return async (signal, { reference, id }, variable) => {
    const isCertain = id !== undefined && (reference === id || (await resolveId(reference)) === id);
    const pids = await findProcesses(variable, isCertain ? pid => isInContainer(pid, id) : await createContainerProcessFilter());
    if (signal !== '0') for (const pid of pids) tryKill(pid, signal);
    return pids.length;
  };
}

/**
 * Finds the processes in the container's own `/proc`; `--privileged` lets root there see other users' environments.
 * @throws Error if no script can run in the container, or if the id is not known and no container has the reference
 */
export function sendInContainer(host: PodmanHost, resolveId: ResolveId): SendSignal {
  return async (signal, { reference, id }, variable) => {
    const current = id === undefined || reference === id ? reference : await resolveId(reference);
    const containers = new Set([id, current].filter(container => container !== undefined));
    const searched = await Promise.allSettled([...containers].map(container => runScript(host, signal, container, variable)));
    const total = searched.reduce((sum, result) => sum + (result.status === 'fulfilled' ? result.value : 0), 0);
    const failed = searched.find(result => result.status === 'rejected');
    // The processes are in one of the containers; the other may be gone.
    if (failed && total === 0) throw failed.reason;
    return total;
  };
}

async function runScript(host: PodmanHost, signal: NodeJS.Signals | '0', container: string, variable: string): Promise<number> {
  const output = new OutputBuffer(1024);
  const args = ['exec', '--privileged', '--user', '0', '--', container, 'sh', '-c', script, 'sh', signal.replace(/^SIG/, ''), variable];
  await runProcess(host, args, {}, output.write);
  const count = /^(\d+)\n$/.exec(output.text('stdout'))?.[1];
  if (count === undefined) throw new Error(`cannot run a script in container ${container}: ${output.text('stderr')}`);
  return Number(count);
}
