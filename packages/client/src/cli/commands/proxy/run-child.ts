import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { hasCode } from '../../../system-error.ts';
import { ExitError } from '../../errors.ts';

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

/**
 * Runs a command with the terminal of this process, and forwards signals to it.
 * @param stop aborted to end the command
 * @returns its exit code, or 128 and the number of the signal that has ended it
 * @throws ExitError (127) if there is no such program, (126) if it cannot be run
 */
export async function runChild([program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv, stop: AbortSignal): Promise<number> {
  stop.throwIfAborted();
  let child: ChildProcess | undefined;
  const forward = (name: NodeJS.Signals) => {
    // A terminal sends this signal to the command itself.
    const isFromTerminal = (name === 'SIGINT' || name === 'SIGQUIT') && process.stdin.isTTY;
    if (!isFromTerminal) child?.kill(name);
  };
  const terminate = () => child?.kill('SIGTERM');
  for (const name of forwarded) {
    // Added before the others are removed: without a listener for a moment, Node.js drops a signal that has just arrived.
    process.on(name, forward);
    // The command decides when to end.
    for (const other of process.listeners(name)) if (other !== forward) process.off(name, other);
  }
  stop.addEventListener('abort', terminate, { once: true });
  // Signals are handled from the next turn of the event loop on, when there is a child.
  child = spawn(program, args, { env, stdio: 'inherit' });
  try {
    return await exitCodeOf(child, program);
  } finally {
    stop.removeEventListener('abort', terminate);
    for (const name of forwarded) process.off(name, forward);
  }
}

async function exitCodeOf(child: ChildProcess, program: string): Promise<number> {
  const [code, signal]: readonly [number | null, NodeJS.Signals | null] = await once(child, 'exit').then(
    ([exitCode, exitSignal]) => [exitCode, exitSignal] as const,
    (error: unknown) => {
      const isMissing = hasCode(error, 'ENOENT');
      throw new ExitError(
        isMissing ? 127 : 126,
        isMissing ? `there is no program "${program}".` : `"${program}" cannot be run: ${String(error)}`,
      );
    },
  );
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}
