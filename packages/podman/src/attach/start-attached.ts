import type { Writable } from 'node:stream';
import type { ChunkSink } from '@podman-api/runtime';
import { StderrGate } from '../capture/stderr-gate.ts';
import { classifyError, isPodmanError } from '../error-patterns/classify-error.ts';
import type { PodmanFault } from '../error-patterns/podman-fault.ts';
import type { CommandOptions, RunPodman } from '../process/run-process.ts';
import { type ResourceUsage, startUsageMeter } from './usage-meter.ts';

/** A container that `podman init` has set up, to be started. */
export interface AttachCommand {
  /** The full id. */
  readonly container: string;
  /** Its first process on this host. */
  readonly pid: number;
  /** Default: empty. The container must have been created with `--interactive`. */
  readonly stdin?: string | Uint8Array | undefined;
  /** Called with the stdin of the container, which then stays open, instead of `stdin`. */
  readonly onStdin?: ((stdin: Writable) => void) | undefined;
}

/** Options of an attached start. */
export interface AttachOptions extends Pick<CommandOptions, 'signal' | 'stop' | 'env'> {
  /** Receives the output of the container. */
  readonly onOutput: ChunkSink;
}

/** Outcome of an attached podman. Whether the container was started, and its exit code, must be read from its state. */
export interface AttachResult {
  /** `null` if podman was ended before it returned one. */
  readonly exitCode: number | null;
  /** Set if stderr reads like an error of podman. It is the container's own output if the container was started. */
  readonly fault?: PodmanFault;
  /** The stderr that `fault` was read from; it was not passed on. */
  readonly faultText?: Uint8Array;
  readonly usage: ResourceUsage;
}

/**
 * Returns the function for `Podman.startAttached`.
 * @param run runs podman outside of the limit on commands
 */
export function createStartAttached(run: RunPodman): (command: AttachCommand, options: AttachOptions) => Promise<AttachResult> {
  return async ({ container, pid, stdin, onStdin }, { onOutput, ...options }) => {
    const isInteractive = stdin !== undefined || onStdin !== undefined;
    const args = [
      'start',
      '--attach',
      // Podman's own signals are not for the container.
      '--sig-proxy=false',
      // By default the keys Ctrl-P and Ctrl-Q anywhere in the input end the attachment.
      '--detach-keys=',
      ...(isInteractive ? ['--interactive'] : []),
      // If the set-up has been undone meanwhile, podman would set the container up again and run it.
      '--filter=status=initialized',
      '--',
      container,
    ];
    const gate = new StderrGate(onOutput);
    const meter = startUsageMeter(container, pid);
    try {
      const exitCode = await run(args, { ...options, ...(stdin !== undefined && { stdin }), ...(onStdin && { onStdin }) }, gate.write);
      const usage = meter.stop();
      const held = Buffer.from(gate.discard());
      if (held.length === 0) return { exitCode, usage };
      if (exitCode !== null && exitCode !== 0 && isPodmanError(exitCode, held.toString('latin1')))
        return { exitCode, fault: classifyError(held.toString(), args), faultText: held, usage };
      await onOutput('stderr', held);
      return { exitCode, usage };
    } finally {
      meter.stop();
    }
  };
}
