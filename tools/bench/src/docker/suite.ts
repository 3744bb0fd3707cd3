import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** How long one request of the suite took, to the end of its response. */
export interface RequestTime {
  /** Method and path, with `<id>` for an id. */
  readonly kind: string;
  readonly durationMs: number;
}

/** Size of the suite that each session runs. */
export interface SuiteOptions {
  readonly image: string;
  /** Containers with a port to wait for. */
  readonly servers: number;
  /** Containers with a line of log to wait for. */
  readonly workers: number;
  /** Commands in each container. */
  readonly execs: number;
}

/** Outcome of one run of the suite. */
export interface SuiteResult {
  readonly durationMs: number;
  readonly requests: readonly RequestTime[];
  /** Why it failed; `undefined` if it succeeded. */
  readonly failure?: string | undefined;
}

/** Processes with a session of Testcontainers each, connected to the same Docker endpoint. */
export interface Sessions {
  /**
   * Runs the suite in the first sessions at once.
   * @returns the time until all have ended, in ms, and the requests of all
   * @throws Error if a suite fails
   */
  run(count: number): Promise<{ readonly durationMs: number; readonly requests: readonly RequestTime[] }>;
  stop(): Promise<void>;
}

const script = fileURLToPath(new URL('suite-script.ts', import.meta.url));

/** Starts the processes of sessions. @param socket path of a socket that speaks Docker's API */
export function startSessions(socket: string, suite: SuiteOptions, count: number): Sessions {
  const env = { ...process.env, DOCKER_HOST: `unix://${socket}`, TESTCONTAINERS_RYUK_DISABLED: 'true' };
  const children = Array.from({ length: count }, () => fork(script, { env }));
  return {
    async run(sessions) {
      const started = performance.now();
      const results = await Promise.all(children.slice(0, sessions).map(child => runIn(child, suite)));
      const durationMs = performance.now() - started;
      for (const { failure } of results) if (failure !== undefined) throw new Error(`the suite failed: ${failure}`);
      return { durationMs, requests: results.flatMap(({ requests }) => requests) };
    },
    async stop() {
      for (const child of children) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        const exited = once(child, 'exit');
        if (child.connected) child.disconnect();
        await exited;
      }
    },
  };
}

async function runIn(child: ChildProcess, suite: SuiteOptions): Promise<SuiteResult> {
  const response = Promise.race([once(child, 'message'), once(child, 'exit').then(() => [undefined])]);
  child.send(suite);
  const [result] = await response;
  if (result === undefined) throw new Error('a session of Testcontainers exited before its suite had ended');
  return result;
}
