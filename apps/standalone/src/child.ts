import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { waitAtMost } from '@podman-api/runtime';

/** Longest line that is part of the reason of an exit. */
const maxLineCharacters = 1000;
/** Time limit for reading the rest of the output of a process that has exited: its own children may hold the pipe for longer. */
const restTimeoutMs = 1000;

/** A supervised child process. */
export interface Child {
  readonly name: string;
  /**
   * Resolves with the exit code or signal, such as `exit code 1`, if the process exits without `stop` or `kill`. The last line of its
   * output follows an exit code, if it is known.
   */
  readonly unexpectedExit: Promise<string>;
  /** Sends SIGTERM. Resolves when the process has exited. */
  stop(): Promise<void>;
  /** Sends a signal and does not wait. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/** The API or the worker in a separate process. */
export interface App extends Child {
  /** Resolves with the URL that the API listens on; never for the worker. */
  readonly url: Promise<string>;
}

/**
 * Starts an app of this repository. If this process dies, the IPC channel of the app closes and the app exits.
 */
export function startApp(name: 'api' | 'worker', env: NodeJS.ProcessEnv): App {
  const main = fileURLToPath(new URL(`../../${name}/src/main.ts`, import.meta.url));
  const child = spawn(process.execPath, [main], { detached: true, env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return { ...supervise(name, child), url: receiveUrl(child) };
}

/**
 * Supervises a process. The process must be detached: a Ctrl-C in the terminal signals the whole process group of
 * this process, and the children must stop in order.
 * @param readLastLine returns the last line that the process printed; empty (default) if it is not known
 */
export function supervise(name: string, child: ChildProcess, readLastLine = async () => ''): Child {
  let isStopping = false;
  const exited = once(child, 'exit');
  const describeExit = async ([code, signal]: unknown[]) => {
    if (signal) return `by ${String(signal)}`;
    const lastLine = await readLastLine();
    return `exit code ${String(code)}${lastLine && `: ${lastLine}`}`;
  };
  return {
    name,
    unexpectedExit: new Promise(resolve => {
      exited.then(describeExit).then(
        reason => !isStopping && resolve(reason),
        (error: Error) => resolve(error.message),
      );
    }),
    async stop() {
      isStopping = true;
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await exited;
    },
    kill(signal) {
      isStopping = true;
      child.kill(signal);
    },
  };
}

/**
 * Reads the output of a process and keeps its end.
 * @param prefix matches the beginning of a line that is left out
 * @returns a function that waits for the rest of the output, for at most a second, and returns the last line that is not empty
 */
export function keepLastLine(output: Readable, prefix: RegExp): () => Promise<string> {
  let text = '';
  output.setEncoding('utf8').on('data', chunk => {
    text = `${text}${chunk}`.slice(-maxLineCharacters);
  });
  const ended = once(output, 'close').catch(() => undefined);
  return async () => {
    await waitAtMost(restTimeoutMs, ended);
    return text.trimEnd().split('\n').at(-1)?.replace(prefix, '') ?? '';
  };
}

async function receiveUrl(child: ChildProcess): Promise<string> {
  const [message] = await once(child, 'message');
  return String(message);
}
