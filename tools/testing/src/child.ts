import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { testMarker } from './marker.ts';

/** A process that a test has started. */
export interface TestChild {
  readonly process: ChildProcess;
  /** Returns the stdout and stderr so far. */
  output(): string;
  /** Waits until the output contains a string. Rejects if the process exits before. */
  waitForOutput(text: string): Promise<void>;
  /** Sends a signal and resolves with the exit code, or the name of the signal that ended it. */
  end(signal?: NodeJS.Signals): Promise<number | string>;
  /** Resolves with the exit code, or the name of the signal, when the process has exited. */
  readonly ended: Promise<number | string>;
}

const children = new Set<ChildProcess>();

/** Kills the processes that still run. Only a failed test leaves any. */
export function killChildren(): void {
  for (const child of children) child.kill('SIGKILL');
}

/**
 * Starts a program with the variables of this process, `env` and the marker of the tests.
 * @param hasStdin whether the test writes to its stdin; default: its stdin is empty
 */
export function startChild(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  hasStdin = false,
): TestChild {
  const child = spawn(program, args, {
    env: { ...process.env, ...env, ...testMarker },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  if (!hasStdin) child.stdin.end();
  let text = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', chunk => {
      text += chunk;
      for (const listener of listeners) listener();
    });
  }
  // Not `close`: a grandchild may hold the pipes for longer. What the child wrote itself is in the pipes and can be read at once.
  const ended = once(child, 'exit').then(async ([code, signal]): Promise<number | string> => {
    children.delete(child);
    for (let quietTurns = 0, length = text.length; quietTurns < 3; quietTurns = text.length === length ? quietTurns + 1 : 0) {
      length = text.length;
      await setImmediate();
    }
    return code ?? signal;
  });
  children.add(child);
  return {
    process: child,
    output: () => text,
    waitForOutput: wanted =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (!text.includes(wanted)) return;
          listeners.delete(check);
          resolve();
        };
        listeners.add(check);
        ended.then(code => reject(new Error(`${program} exited with ${code} before its output contained "${wanted}":\n${text}`)), reject);
        check();
      }),
    async end(signal = 'SIGTERM') {
      child.kill(signal);
      // A failed test may have left the process stopped (SIGSTOP).
      child.kill('SIGCONT');
      return ended;
    },
    ended,
  };
}
