import type { LogQuery, LogText } from './logs/log-file.ts';
import type { SessionCommand } from './session/request.ts';
import type { PodmanFault } from './words.ts';

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
  /** The same command by its parts, for one that may run in a session instead, to the same end. */
  readonly session?: SessionCommand;
}

/** Takes a piece of output. Where that takes time, no more is read until it is taken; it never rejects. */
export type Take = (stream: StreamName, bytes: Uint8Array) => Promise<void> | undefined;

/** How the output of a command is taken whose exit code is data. */
export interface CaptureOptions extends CommandOptions {
  readonly take: Take;
  /**
   * Whether stderr that reads like podman's own words is held back until podman has ended, and not only for the
   * moment it takes to end after an error.
   */
  readonly doubtful?: boolean;
}

/** What a command whose exit code is data came to. */
export interface Captured {
  /** `null` where podman was ended before it told one. */
  readonly exitCode: number | null;
  /** Set where podman itself failed, and not the command it ran. */
  readonly fault?: PodmanFault;
  /** Podman's own words, where they were held back and are no output of the command. */
  readonly words: Uint8Array;
}

/** A piece of output; pieces stand in the order of their arrival. */
export interface Chunk {
  readonly stream: StreamName;
  readonly bytes: Uint8Array;
}

export type StreamName = 'stdout' | 'stderr';

/** What a script in a container told, or why it told nothing. */
export type Report = { readonly line: string; readonly fault?: never } | { readonly line?: never; readonly fault: PodmanFault };

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

  /** Runs `podman <args>`, whose exit code is data, and hands on what it writes as it comes. */
  capture(args: readonly string[], options: CaptureOptions): Promise<Captured>;

  /**
   * Reads a container's log, stdout and stderr in the order of writing. The last lines of a large log take no longer than
   * those of a small one if podman's log driver writes a file on this host, and memory is bounded by `maxBytes`.
   * @throws ApiError made of podman's error
   */
  logs(container: string, query: LogQuery, maxBytes: number, options?: CommandOptions): Promise<LogText>;

  /**
   * Runs a script in a container that ends with one line on stdout, its report, and gives that line as soon
   * as it is there: podman takes 60 ms more to end (measured), which nobody has to wait for.
   */
  report(args: readonly string[], options?: CommandOptions): Promise<Report>;

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
