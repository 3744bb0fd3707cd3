import { AsyncLocalStorage } from 'node:async_hooks';
import pLimit from 'p-limit';
import { ContainerIds } from './container-ids.ts';
import { environmentArguments } from './environment-arguments.ts';
import { classifyError } from './error-patterns.ts';
import { ExecRunner } from './exec/exec-runner.ts';
import { readReport } from './exec/read-report.ts';
import { follow } from './follow.ts';
import { createKill, createSignaller } from './kill/killer.ts';
import { settle } from './kill/settle.ts';
import { readLog } from './logs/read-log.ts';
import { mountsOf } from './mounts.ts';
import { OutputBuffer } from './output-buffer.ts';
import { podmanEnvironment } from './podman-environment.ts';
import { PodmanFault } from './podman-fault.ts';
import { type Host, runProcess, type Sink } from './process.ts';
import { readStart } from './read-start.ts';
import { openSession } from './session/open.ts';
import { SessionPool } from './session/pool.ts';
import { sharer } from './shared.ts';
import type { CommandOptions, Podman } from './types.ts';
import { verbOf, type Watch } from './watch.ts';

/** How much of a command's stdout is read: enough for a list of about 20,000 containers. */
const maxStdoutBytes = 64 * 1024 ** 2;

export interface PodmanOptions {
  /** How many podman processes run at once. */
  readonly limit: number;
  /** The executable; found on the path. */
  readonly binary?: string;
  /** A `containers.conf` for podman's processes alone. */
  readonly containersConf?: string | undefined;
  /** Working directory of podman's processes; default: this process's own. */
  readonly cwd?: string | undefined;
  /** Further variables for podman's processes. */
  readonly env?: Readonly<Record<string, string>>;
  /** How many shells are kept in containers that are used repeatedly; without it none. */
  readonly sessions?: number;
  /** How long such a shell may have nothing to do, in ms. */
  readonly sessionIdle?: number;
  /** Hears of each command. */
  readonly watch?: Watch | undefined;
}

/** A podman whose processes are counted. */
export interface CountedPodman extends Podman {
  /** How many commands are running. */
  readonly active: number;
  /** How many sessions there are. */
  readonly sessions: number;
  /** How many commands have run in sessions. */
  readonly ranInSessions: number;
  /** Ends its sessions. */
  close(): Promise<void>;
}

/** Runs a podman process once there is room for it. */
export type Run = (args: readonly string[], options: CommandOptions, sink: Sink) => Promise<number | null>;

/** The podman command line of this host, at most `limit` processes at once. */
export function createPodman(options: PodmanOptions): CountedPodman {
  const { limit, binary = 'podman', containersConf, cwd, env = {}, sessions: sessionLimit = 0, sessionIdle = 60_000, watch } = options;
  const host: Host = {
    binary,
    env: { ...podmanEnvironment(process.env), ...(containersConf !== undefined && { CONTAINERS_CONF: containersConf }), ...env },
    cwd,
    watch,
  };
  const room = pLimit(limit);
  const run: Run = (args, options, sink) => room(() => runProcess(host, args, options, sink));

  const plain = runToString(run);
  const cold = new ExecRunner(run);
  // What is done in the background does not delay callers.
  const ids = new ContainerIds(runToString((...all) => runProcess(host, ...all)));
  const send = createSignaller(host, container => ids.idOf(container));
  const opening = { host, send, ids };
  // Nor is it a part of the job that has set it off.
  const apart = AsyncLocalStorage.snapshot();
  const open = (container: string, user: string | undefined) => apart(() => openSession(opening, container, user));
  const idOf = (container: string) => apart(() => ids.idOf(container));
  const sessions = new SessionPool({ limit: sessionLimit, idle: sessionIdle, open, idOf, room, watch });

  return {
    get active() {
      return room.activeCount;
    },
    get sessions() {
      return sessions.count;
    },
    get ranInSessions() {
      return sessions.ran;
    },
    close: () => sessions.close(),
    run: plain,
    read: readStart(run),
    shared: sharer(plain),
    follow: (args, take, signal) => follow(host, args, take, signal),
    exec: async (command, options) => {
      // Refuses the same variables with and without a session.
      environmentArguments(command.environment);
      return (await sessions.run(command, options)) ?? sessions.without(command, () => cold.exec(command, options));
    },
    logs: (container, query, maxBytes, options = {}) => readLog(run, plain, container, query, maxBytes, options),
    script: (command, options = {}) =>
      readReport(async all => (await sessions.run(command, all)) ?? sessions.without(command, () => cold.script(command, all)), options),
    kill: createKill(send),
    settle,
    mountsOf,
  };
}

/** See `Podman.run`. */
function runToString(run: Run): (args: readonly string[], options?: CommandOptions) => Promise<string> {
  return async (args, options = {}) => {
    const keep = new OutputBuffer(maxStdoutBytes);
    const exitCode = await run(args, options, keep.take);
    // Ended by a signal, podman exits with 0 all the same; what it has done it says on stdout.
    if (exitCode === null || keep.written.stdout === 0) options.signal?.throwIfAborted();
    if (exitCode !== 0) throw classifyError(keep.text('stderr'), args);
    if (keep.written.stdout > maxStdoutBytes) throw tooLong(args);
    return keep.text('stdout');
  };
}

function tooLong(args: readonly string[]): PodmanFault {
  const message = `The output of podman ${verbOf(args)} is longer than 64 MiB: remove containers with very large labels from the node.`;
  return new PodmanFault('other', 'PodmanAPIError', message, '');
}
