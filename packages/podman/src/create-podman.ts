import { AsyncLocalStorage } from 'node:async_hooks';
import pLimit from 'p-limit';
import { createAttach } from './attach/attach.ts';
import { createStartAttached } from './attach/start-attached.ts';
import { canLimitBuilds, selectBuildIsolation } from './build/build-isolation.ts';
import { selectBuildUlimits } from './build/build-ulimits.ts';
import { createRemoveBuild } from './build/remove-build.ts';
import { createPipeStdout, createQueryOrRun, createReadStart, createRunToString } from './capture/capture-stdout.ts';
import { CreatedContainers } from './early-sessions/created-containers.ts';
import { environmentArguments } from './environment-arguments.ts';
import { ExecRunner } from './exec/exec-runner.ts';
import { readReport } from './exec/read-report.ts';
import { findHelpers } from './files/find-helpers.ts';
import { createHelperRunner } from './files/run-helper.ts';
import { createCheckHealth } from './health/check-health.ts';
import { ExecFolder } from './interactive/exec-folder.ts';
import { createExecInteractive } from './interactive/exec-interactive.ts';
import { TerminalResizer } from './interactive/terminal-resizer.ts';
import { followByPodman } from './logs/follow-by-podman.ts';
import { followFile } from './logs/follow-file.ts';
import { LogWatches } from './logs/log-watches.ts';
import { openLog, readLog } from './logs/read-log.ts';
import type { Podman } from './podman.ts';
import { readVersion } from './probe.ts';
import type { CommandObserver } from './process/command-observer.ts';
import { follow } from './process/follow.ts';
import { LongRunningProcesses } from './process/long-running.ts';
import { podmanEnvironment } from './process/podman-environment.ts';
import { isRemotePodman } from './process/remote-podman.ts';
import { type RunPodman, runProcess } from './process/run-process.ts';
import type { PodmanHost } from './process/spawn.ts';
import { createTempFolder, removeTempFolder } from './process/temp-folder.ts';
import { PodmanService, type Query } from './service/podman-service.ts';
import { openSession } from './sessions/open-session.ts';
import { SessionPool } from './sessions/session-pool.ts';
import { createKill } from './signals/kill.ts';
import { createSendSignal } from './signals/send-signal.ts';
import { waitForProcesses } from './signals/wait-for-processes.ts';
import { createCachedRun } from './state/cached-run.ts';
import { ContainerIds } from './state/container-ids.ts';
import { createGraphRootReader } from './state/graph-root.ts';
import { createInspect } from './state/inspect.ts';
import { createMountsOf } from './state/mounts.ts';
import { createTimedRun } from './state/timed-run.ts';

/** The podman to run, and its environment. */
export interface PodmanHostOptions {
  /** The executable, by path or name; default: `podman`. */
  readonly binary?: string;
  /** A `containers.conf` for podman's processes alone; default: podman's own. */
  readonly containersConf?: string | undefined;
  /** Working directory of podman's processes; default: this process's own. */
  readonly cwd?: string | undefined;
  /** Further variables for podman's processes. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called for each command. */
  readonly onCommand?: CommandObserver | undefined;
}

/** Settings of the driver. */
export interface PodmanOptions extends PodmanHostOptions {
  /** Maximum number of concurrent podman processes. */
  readonly maxProcesses: number;
  /** Podman's service, which answers reads where it can; default: none, so each read runs a command. */
  readonly service?: PodmanService | undefined;
  /** Maximum number of shells that are kept in containers; default: 0. */
  readonly maxSessions?: number;
  /** Time after which an idle shell is closed, in ms; default: 60,000. */
  readonly sessionIdleTimeoutMs?: number;
}

/** A podman that counts its processes and sessions. */
export interface CountedPodman extends Podman {
  /** Number of running commands. */
  readonly active: number;
  /** Number of sessions. */
  readonly sessions: number;
  /** Number of sessions that wait for a command. */
  readonly idleSessions: number;
  /** Number of commands that have run in sessions. */
  readonly ranInSessions: number;
  /** Closes all sessions, and ends the helpers for files. */
  close(): Promise<void>;
}

/**
 * Creates podman's service for the drivers of this host, see `PodmanOptions.service`. It starts with the first query.
 * @param folder for its sockets; created if it does not exist
 */
export function createPodmanService(folder: string, options: PodmanHostOptions): PodmanService {
  const host = createHost(options);
  const readGraphRoot = createGraphRootReader(createRunToString((...all) => runProcess(host, ...all)));
  return new PodmanService({ host, folder, readGraphRoot });
}

function createHost({ binary = 'podman', containersConf, cwd, env = {}, onCommand }: PodmanHostOptions): PodmanHost {
  const settings = containersConf === undefined ? {} : { CONTAINERS_CONF: containersConf };
  return { binary, env: { ...podmanEnvironment(process.env), ...settings, ...env }, cwd, onCommand };
}

/** Creates the driver of this host's podman command line; it runs at most `maxProcesses` processes at once. */
export function createPodman(options: PodmanOptions): CountedPodman {
  const { maxProcesses, service, maxSessions = 0, sessionIdleTimeoutMs = 60_000, onCommand } = options;
  const host = createHost(options);
  const processLimit = pLimit(maxProcesses);
  // For long-running commands, for parts of a command that has a slot already, and for background work, which must not delay callers.
  const runUnlimited: RunPodman = (...all) => runProcess(host, ...all);
  const runUnlimitedToString = createRunToString(runUnlimited);
  const run: RunPodman = (...all) => processLimit(() => runUnlimited(...all));
  const runToString = createRunToString(run);
  const runTimed = createRunToString(createTimedRun(runUnlimited, processLimit));
  const helpers = createHelperRunner(host, runUnlimitedToString, maxProcesses);
  const query: Query = async (...request) => service?.query(...request);
  const ids = new ContainerIds(host, runUnlimitedToString, query);
  const createExecRunner = (runPodman: RunPodman) => new ExecRunner(runPodman, container => ids.inspect(container));
  const execRunner = createExecRunner(run);
  const send = createSendSignal(host, container => ids.resolveId(container));
  // Background work is not part of the job that triggered it, so it runs in the asynchronous context of this call.
  const runDetached = AsyncLocalStorage.snapshot();
  const longRunning = new LongRunningProcesses();
  const logWatches = new LogWatches();
  const resizer = new TerminalResizer();
  const created = new CreatedContainers();
  const sessions = new SessionPool({
    maxSessions,
    idleTimeoutMs: sessionIdleTimeoutMs,
    open: (container, user) => runDetached(() => openSession({ host, send, ids }, container, user)),
    resolveId: container => runDetached(() => ids.resolveId(container)),
    processLimit,
    onCommand,
  });
  const shared = createCachedRun({
    isRemote: isRemotePodman(host),
    runPodman: runTimed,
    query,
    readGraphRoot: service?.readGraphRoot ?? createGraphRootReader(runUnlimitedToString),
  });

  return {
    get active() {
      return processLimit.activeCount;
    },
    get sessions() {
      return sessions.count;
    },
    get idleSessions() {
      return sessions.idleCount;
    },
    get ranInSessions() {
      return sessions.completedCommands;
    },
    async close() {
      await Promise.all([sessions.close(), helpers.close()]);
    },
    earlySessions: {
      prepare: container => sessions.prepare(container),
      adopt: (container, name) => sessions.adopt(container, name),
      open: container => sessions.openEarly(container),
      openIfExpected: (container, image) => sessions.openIfExpected(container, image),
      recordCreate: container => created.add(container),
      recordStart(container) {
        const started = created.take(container);
        if (started) sessions.openIfExpected(started.id, started.image);
      },
    },
    run: createQueryOrRun(query, runToString),
    read: createReadStart(run),
    pipe: createPipeStdout(run),
    inspect: createInspect(query, runTimed),
    shared,
    follow: (args, onLine, signal) => follow(host, args, onLine, signal),
    followShared: (args, onLine, signal) =>
      runDetached(() => longRunning.read(JSON.stringify(args), (...each) => follow(host, args, ...each), onLine, signal)),
    async followLog(container, query, onBatch, end) {
      const log = await openLog({ host, shared }, container, end.signal);
      if (!log) return longRunning.run(() => followByPodman(host, container, query, onBatch, end));
      const watch = logWatches.watch(log.path);
      await followFile(log, query, onBatch, end, watch).finally(() => watch.close());
    },
    exec: async (command, execOptions) => {
      // Refuses the same variables with and without a session.
      environmentArguments(command.environment);
      return sessions.runOrElse(command, execOptions, () => execRunner.exec(command, execOptions));
    },
    files: (source, request, fileOptions) => processLimit(() => helpers.run(source, request, fileOptions)),
    logs: (container, query, maxBytes, logOptions = {}) => readLog({ host, run, shared }, container, query, maxBytes, logOptions),
    script: (command, scriptOptions = {}) =>
      readReport(all => sessions.runOrElse(command, all, () => execRunner.script(command, all)), scriptOptions),
    execInteractive: createExecInteractive({ execRunner: createExecRunner(runUnlimited), ids, send, resizer }),
    checkHealth: createCheckHealth(run),
    startAttached: createStartAttached(runUnlimited),
    attach: createAttach((...all) => runProcess(host, ...all)),
    resizeTerminal: async (container, size) => resizer.resize(new ExecFolder((await ids.inspect(container)).StaticDir), size),
    identify: container => ids.identify(container),
    kill: createKill(send),
    waitForProcesses: variable => waitForProcesses(variable, findHelpers),
    buildUlimits: () => selectBuildUlimits(host.env),
    buildIsolation: signal => selectBuildIsolation(host, () => readVersion({ run: runToString }, signal)),
    canLimitBuilds: () => canLimitBuilds(host),
    removeBuild: createRemoveBuild(runUnlimitedToString),
    createTempFolder,
    removeTempFolder,
    mountsOf: createMountsOf(host),
  };
}
