import { OutputBuffer } from '../output-buffer.ts';
import { type Host, runProcess } from '../process.ts';
import type { SendSignal } from './killer.ts';

/**
 * Signals the processes that have the variable and prints how many there were; the signal 0 only counts them. Needs sh, tr
 * and grep in the image. Without tr, BusyBox's grep would read the first variable only, because a NUL ends its lines.
 */
const script = `n=0
for e in /proc/[0-9]*/environ; do
  if { tr '\\000' '\\n' <"$e" | grep -qxF -- "$2"; } 2>/dev/null; then p=\${e#/proc/}; kill -s "$1" "\${p%/environ}" 2>/dev/null && n=$((n+1)); fi
done
echo "$n"`;

/** Finds the processes by the container's own `/proc`; `--privileged` lets root there see other users' environments. */
export function signalInContainer(host: Host): SendSignal {
  return async (name, container, variable) => {
    const keep = new OutputBuffer(1024);
    const args = ['exec', '--privileged', '--user', '0', '--', container, 'sh', '-c', script, 'sh', name, variable];
    await runProcess(host, args, {}, keep.take);
    const count = /^(\d+)\n$/.exec(keep.text('stdout'))?.[1];
    if (count === undefined) throw new Error(`no script runs in container ${container}: ${keep.text('stderr')}`);
    return Number(count);
  };
}
