import type { AttachCommand, AttachOptions, AttachResult } from './attach/start-attached.ts';
import type { PipeStdout, RunOptions } from './capture/capture-stdout.ts';
import type { CreatedContainer } from './early-sessions/created-containers.ts';
import type { ExecCommand, ExecOptions, ExecResult } from './exec/exec-command.ts';
import type { ScriptReport } from './exec/read-report.ts';
import type { HelperAnswer, HelperRequest } from './files/protocol.ts';
import type { FileOptions, FileSource } from './files/run-helper.ts';
import type { TerminalSize } from './interactive/exec-folder.ts';
import type { InteractiveCommand, InteractiveOptions } from './interactive/exec-interactive.ts';
import type { BatchSink, FollowEnd, FollowQuery } from './logs/follow-file.ts';
import type { LogQuery, LogText } from './logs/log-file.ts';
import type { CommandOptions } from './process/run-process.ts';
import type { SharedRunOptions } from './state/cached-run.ts';
import type { IdentifiedContainer } from './state/container-ids.ts';
import type { Mount } from './state/mounts.ts';

/** What `podman build` is given so that each RUN has its own network. */
export interface BuildIsolation {
  /** Its options. */
  readonly args: readonly string[];
  /** Variables of its process. */
  readonly env: Readonly<Record<string, string>>;
}

/** The podman command line of one host. */
export interface Podman {
  /**
   * Runs `podman <args>` and returns its stdout. With a query, podman's service is used instead if it runs.
   * @throws ApiError with podman's error message if it does not exit with 0, or (500) if its stdout is longer than the limit
   */
  run(args: readonly string[], options?: RunOptions): Promise<string>;

  /**
   * Like `run`, but returns only the first bytes of stdout, for output whose length a container decides. The rest is discarded;
   * podman is ended if there are more than 256 MiB of it.
   */
  read(args: readonly string[], maxBytes: number, options?: CommandOptions): Promise<Buffer>;

  /**
   * Like `run`, but passes on stdout as it arrives; no more is read before `onBytes` has resolved. The passed-on bytes are
   * complete only if this resolves.
   * @throws what `onBytes` throws, after podman was ended
   */
  pipe: PipeStdout;

  /**
   * Returns podman's data about a container, as the JSON of one element of `podman container inspect`. It is read at the time
   * of the call, by podman's service if that runs, or else by the command.
   * @param container its name, or the beginning of its id
   * @throws ApiError (404) if there is no such container
   */
  inspect(container: string, options?: Pick<CommandOptions, 'signal'>): Promise<string>;

  /**
   * Like `run`, but callers with the same arguments share one run that starts after all of them have called, so that none gets
   * a state older than its own call. An answer is returned again for up to ten seconds while podman's state does not change.
   */
  shared(args: readonly string[], options?: SharedRunOptions): Promise<string>;

  /**
   * Runs `podman <args>`, passes on each line of its stdout as it arrives, and resolves when podman has ended or the signal is
   * aborted. It takes no slot of the limit on commands: it runs for long and is idle most of the time.
   */
  follow(args: readonly string[], onLine: (line: string) => void, signal: AbortSignal): Promise<void>;

  /**
   * Like `follow`, but callers with the same arguments share one process, which is ended after the last of them. Each gets the lines
   * from its call on, and has to keep up with them.
   * @throws ApiError (503) if 32 processes run for `followShared` and `followLog` already
   */
  followShared(args: readonly string[], onLine: (line: string) => void, signal: AbortSignal): Promise<void>;

  /**
   * Follows a container's log: passes on the records that a query names and then new ones, until the container has ended. A log that
   * podman's driver writes to a file on this host is read from that file, without a process, and readers share one watch of it.
   * @param container the full id
   * @throws ApiError with podman's error message, or (503) as `followShared` does; the reason of the signal, and what `onBatch` throws
   */
  followLog(container: string, query: FollowQuery, onBatch: BatchSink, end: FollowEnd): Promise<void>;

  /**
   * Runs a command in a container, in a session if there is one, and passes on its output as it arrives. It runs at most once,
   * and no text that it writes can change whether its outcome counts as its own or as podman's.
   * @throws JobOutcomeError (unknown) if it cannot be known whether it ran, and ApiError (400) as `environmentArguments` does
   */
  exec(command: ExecCommand, options: ExecOptions): Promise<ExecResult>;

  /**
   * Runs an interactive command, in a terminal or by pipes. It takes no slot of the limit on commands: it
   * runs for long and is idle most of the time.
   * @throws ApiError if there is no such container, or podman is on another machine; and as `exec`
   */
  execInteractive(command: InteractiveCommand, options: InteractiveOptions): Promise<ExecResult>;

  /**
   * Starts a container that `podman init` has set up, passes on its output as it arrives, and resolves when podman has ended: when
   * the container has, or has not started. It takes no slot of the limit on commands, so that the container can be stopped at the
   * limit too.
   * @throws JobOutcomeError (unknown) if the container could not be ended after the signal was aborted
   */
  startAttached(command: AttachCommand, options: AttachOptions): Promise<AttachResult>;

  /**
   * Attaches to a container that runs, passes on what it prints from then on, and resolves when the container or the attachment has
   * ended. Aborting its signal ends only the attachment; ending stdin would close the container's stdin too. It takes no slot of the
   * limit on commands.
   */
  attach(command: Pick<AttachCommand, 'container' | 'onStdin'>, options: Pick<AttachOptions, 'onOutput' | 'signal' | 'env'>): Promise<void>;

  /** Sets the size of the terminal of a container that runs. @returns whether its conmon got the size */
  resizeTerminal(container: string, size: TerminalSize): Promise<boolean>;

  /**
   * Reads a container's log, stdout and stderr in the order of writing. The last lines of a large log take no longer than
   * those of a small one if podman's log driver writes a file on this host, and memory is bounded by `maxBytes`.
   * @throws ApiError with podman's error message
   */
  logs(container: string, query: LogQuery, maxBytes: number, options?: CommandOptions): Promise<LogText>;

  /**
   * Reads or changes files of a container on this host: also of one that does not run, or has no shell. Symbolic links resolve
   * inside the container only, even if they are replaced meanwhile. See files/protocol.ts.
   * @throws ApiError if podman is on another machine, the signal's reason, or the error of the content
   */
  files(source: FileSource, request: HelperRequest, options: FileOptions): Promise<HelperAnswer>;

  /**
   * Runs a script in a container that reads all of its stdin and ends with one line on stdout, its report. Resolves when that
   * line has arrived; podman takes 60 ms more to end (measured).
   */
  script(command: ExecCommand, options?: Omit<ExecOptions, 'onOutput'>): Promise<ScriptReport>;

  /**
   * Runs the health check of a container once; podman records the result.
   * @param signal ends the check in the container, after which podman records it as failed
   * @throws PodmanFault if podman cannot be started, and JobOutcomeError (unknown) if the check could not be ended
   */
  checkHealth(container: string, signal: AbortSignal): Promise<void>;

  /**
   * Returns a reference to a container for `kill`, with the container's id if that is known without running podman. Call it before the
   * processes start, because the container may be renamed later.
   */
  identify(container: string): IdentifiedContainer;

  /**
   * Ends every process in a container whose environment holds the variable: SIGTERM once, and SIGKILL for those that remain
   * after the grace period. If the id is not known, or the reference now means another container, all containers of the host are
   * searched. A worker that cannot see the host's processes searches the container with the id and the one that has the reference now.
   * @param variable `NAME=value`, which no process of another job has
   * @param graceMs default: 2000; 0 sends SIGKILL at once
   * @returns whether there were any
   * @throws Error if processes remain after SIGKILL, or cannot be searched
   */
  kill(container: IdentifiedContainer, variable: string, graceMs?: number): Promise<boolean>;

  /**
   * Waits until the podman processes of this host whose environment holds the variable have ended, and the helpers of `files` whose
   * title has it, such as those that a dead worker leaves behind; those that take longer than 10 s are ended.
   * @param variable `NAME=value`
   */
  waitForProcesses(variable: string): Promise<void>;

  /** Returns the limits of processes that `podman build` must be given (`--ulimit`) on this host. */
  buildUlimits(): readonly string[];

  /** Returns what gives each RUN of a `podman build` on this host its own network. */
  buildIsolation(signal: AbortSignal): Promise<BuildIsolation>;

  /** Returns whether `podman build` can limit memory and CPUs on this host. If not, `podman run` ignores such limits. */
  canLimitBuilds(): boolean;

  /**
   * Ends and removes what `podman build` has left of a job that was ended: the processes of a RUN, whose podman had the folder of
   * `createTempFolder` as TMPDIR, and the working containers.
   * @param secretId of a secret among the build's options, which Buildah keeps beside each working container
   */
  removeBuild(job: string, secretId: string): Promise<void>;

  /** Creates a folder for temporary files of a job, which only this user can read. @returns its path */
  createTempFolder(job: string): Promise<string>;

  /** Removes that folder, with the files that a job's podman left if its worker died, see `CaptureOptions.tempFolderFor`. */
  removeTempFolder(job: string): Promise<void>;

  /**
   * Returns the mounts that a process of this host sees; `self` is this process. If several have the same target, the last
   * counts. `undefined` if processes of containers cannot be seen, such as those of a podman on another machine.
   */
  mountsOf(pid: number | 'self'): Promise<readonly Mount[] | undefined>;

  /** Sessions that are opened before the first command; without sessions these do nothing. */
  readonly earlySessions: EarlySessions;
}

/** Opens sessions before there is a command for them, for the commands of a container's own user. */
export interface EarlySessions {
  /**
   * Opens a session and keeps it until `adopt` or the container's end, beyond the limit of sessions.
   * @param container its full id
   * @returns whether there is a session now
   */
  prepare(container: string): Promise<boolean>;
  /** Lets the commands for a name use the session that was prepared for a container. */
  adopt(container: string, name: string): void;
  /** Opens a session in the background if the limit of sessions allows it. */
  open(container: string): void;
  /** Does so if containers of the image usually had an exec soon after their start. Call it after each create that starts its container. */
  openIfExpected(container: string, image: string): void;
  /** Remembers a container that was created without being started, for `recordStart`. */
  recordCreate(created: CreatedContainer): void;
  /** Does what `openIfExpected` does for a container of `recordCreate`, at its first start. @param container its full id, or its name */
  recordStart(container: string): void;
}
