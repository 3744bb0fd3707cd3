import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A supervised child process. */
export interface Child {
  readonly name: string;
  /** Resolves with the exit code or signal, such as `exit code 1`, if the process exits without `stop` or `kill`. */
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
 */
export function supervise(name: string, child: ChildProcess): Child {
  let isStopping = false;
  const exited = once(child, 'exit');
  const describeExit = ([code, signal]: unknown[]) => (signal ? `by ${String(signal)}` : `exit code ${String(code)}`);
  return {
    name,
    unexpectedExit: new Promise(resolve => {
      exited.then(
        result => !isStopping && resolve(describeExit(result)),
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

async function receiveUrl(child: ChildProcess): Promise<string> {
  const [message] = await once(child, 'message');
  return String(message);
}
