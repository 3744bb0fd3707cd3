import type { ExecCommand } from './exec/command.ts';
import type { LogQuery, LogText } from './logs/log-file.ts';
import type { PodmanFault } from './podman-fault.ts';

/** What may be given to a podman command beside its arguments. */
export interface CommandOptions {
  /** Ends the command when aborted: by `stop` where there is one, then podman itself. */
  readonly signal?: AbortSignal;
  /** Ends what the command started in a container; podman ends by itself after that. */
  readonly stop?: () => Promise<unknown>;
  /** Written to podman's stdin, which is then closed. Without it stdin is empty. */
  readonly stdin?: string | Uint8Array;
  /** Podman's stdin as a file, which it can read to the end even if the worker dies meanwhile. */
  readonly stdinFile?: Uint8Array;
  /** A text that podman reads from `/proc/self/fd/3`; it stands in no folder and in no argument list. */
  readonly file?: string;
  /** Variables for podman's own environment, beside the worker's. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Takes a piece of output. Where that takes time, no more is read until it is taken; it never rejects. */
export type Take = (stream: StreamName, bytes: Uint8Array) => Promise<void> | undefined;

/** What may be given to a command in a container beside its parts. */
export interface ExecOptions extends Pick<CommandOptions, 'signal' | 'stop' | 'env'> {
  readonly take: Take;
}

/** How a command in a container ended. */
export interface ExecResult {
  /** `null` if podman was ended before it returned one. */
  readonly exitCode: number | null;
  /** Set if podman itself failed; the command has not run then. */
  readonly fault?: PodmanFault;
  /** Podman's error message as it wrote it, which was not handed on as output of the command. */
  readonly faultText?: Uint8Array;
}

/** A piece of output; pieces stand in the order of their arrival. */
export interface Chunk {
  readonly stream: StreamName;
  readonly bytes: Uint8Array;
}

export type StreamName = 'stdout' | 'stderr';

/** The report of a script in a container, or why there is none. */
export type ScriptReport = { readonly line: string; readonly fault?: never } | { readonly line?: never; readonly fault: PodmanFault };

/** One mount that a process sees, proc_pid_mountinfo(5). */
export interface Mount {
  /** `major:minor` of the file system. */
  readonly device: string;
  /** What of that file system is mounted. */
  readonly root: string;
  /** Where the process sees it. */
  readonly target: string;
}

/** The podman command line of one host. */
export interface Podman {
  /**
   * Runs `podman <args>` and gives its stdout.
   * @throws ApiError made of podman's words where it does not exit with 0
   */
  run(args: readonly string[], options?: CommandOptions): Promise<string>;

  /**
   * Like `run`, but returns only the first bytes of stdout, for output whose length a container decides. The rest is discarded;
   * podman is ended if there are more than 256 MiB of it.
   */
  read(args: readonly string[], maxBytes: number, options?: CommandOptions): Promise<Buffer>;

  /**
   * Like `run`, but callers with the same arguments share one run: one that had not started when they asked,
   * so that nobody sees a state older than their own call. Where nothing has changed since a run, its answer is given
   * again for some seconds, unless `fresh` is wanted.
   */
  shared(args: readonly string[], fresh?: boolean): Promise<string>;

  /**
   * Runs `podman <args>`, hands on each line of its stdout as it comes, and resolves when podman has ended or the
   * signal is aborted. It counts as no command: it is there for long and does nothing most of the time.
   */
  follow(args: readonly string[], take: (line: string) => void, signal: AbortSignal): Promise<void>;

  /**
   * Runs a command in a container, in a session if there is one, and hands on what it writes as it comes. It runs once at most,
   * and no text that it writes can change whether its outcome counts as its own or as podman's.
   * @throws JobEnded (unknown) if it cannot be known whether it ran, and ApiError (400) as `environmentArguments` does
   */
  exec(command: ExecCommand, options: ExecOptions): Promise<ExecResult>;

  /**
   * Reads a container's log, stdout and stderr in the order of writing. The last lines of a large log take no longer than
   * those of a small one if podman's log driver writes a file on this host, and memory is bounded by `maxBytes`.
   * @throws ApiError made of podman's error
   */
  logs(container: string, query: LogQuery, maxBytes: number, options?: CommandOptions): Promise<LogText>;

  /**
   * Runs a script in a container that reads all of its stdin and ends with one line on stdout, its report. Resolves when that
   * line is there; podman takes 60 ms more to end (measured).
   */
  script(command: ExecCommand, options?: Omit<ExecOptions, 'take'>): Promise<ScriptReport>;

  /**
   * Ends every process in a container whose environment holds the variable: SIGTERM once, and SIGKILL for those that remain
   * after the grace period.
   * @param graceMs default: 2000; 0 sends SIGKILL at once
   * @throws Error if processes remain after SIGKILL
   */
  kill(container: string, variable: string, graceMs?: number): Promise<void>;

  /**
   * Waits until the podman processes of this host whose environment holds the variable have ended, such as a worker
   * that died leaves behind; those that take longer than 10 s are ended.
   */
  settle(variable: string): Promise<void>;

  /**
   * The mounts that a process of this host sees, or this process itself; of several at one place the last counts.
   * Nothing where processes of containers can't be seen, such as those of a podman on another machine.
   */
  mountsOf(pid: number | 'self'): Promise<readonly Mount[] | undefined>;
}
