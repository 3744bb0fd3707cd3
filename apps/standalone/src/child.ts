import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process that belongs to this one. */
export interface Child {
  readonly name: string;
  /** Resolves with how it ended, unless `stop` or `kill` was called before. */
  readonly died: Promise<string>;
  /** Sends SIGTERM and resolves when the process has ended. */
  stop(): Promise<void>;
  /** Sends a signal without waiting, for a process that exits at once itself. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/** An app in a process of its own; one that listens tells its URL. */
export interface App extends Child {
  readonly url: Promise<string>;
}

/**
 * Starts an app of this repository. It learns by its channel when this process dies, and then ends as well.
 */
export function startApp(name: 'api' | 'worker', env: NodeJS.ProcessEnv): App {
  const main = fileURLToPath(new URL(`../../${name}/src/main.ts`, import.meta.url));
  const process_ = spawn(process.execPath, [main], { detached: true, env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return { ...supervise(name, process_), url: urlOf(process_) };
}

/**
 * Watches over a process. It must be a process group of its own, so that a Ctrl-C in the terminal, which reaches
 * all processes of this group at once, does not end it out of turn.
 */
export function supervise(name: string, child: ChildProcess): Child {
  let asked = false;
  const ended = once(child, 'exit');
  const how = ([code, signal]: unknown[]) => (signal ? `by ${String(signal)}` : `exit code ${String(code)}`);
  return {
    name,
    died: new Promise(resolve => {
      ended.then(
        result => !asked && resolve(how(result)),
        (error: Error) => resolve(error.message),
      );
    }),
    async stop() {
      asked = true;
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
    },
    kill(signal) {
      asked = true;
      child.kill(signal);
    },
  };
}

async function urlOf(child: ChildProcess): Promise<string> {
  const [message] = await once(child, 'message');
  return String(message);
}
