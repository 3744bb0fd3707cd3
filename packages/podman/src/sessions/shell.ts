import { readFileSync } from 'node:fs';
import { type StreamName, waitAtMost } from '@podman-api/runtime';
import { verbOf } from '../podman-verb.ts';
import { runObserved } from '../process/command-observer.ts';
import { type PodmanHost, pipeWithBackpressure, spawn } from '../process/spawn.ts';
import type { SendSignal } from '../signals/send-signal.ts';

/** The shell's part of the protocol. */
const shellScript = readFileSync(new URL('./shell.sh', import.meta.url), 'utf8');

/** Default of `ShellDependencies.closeTimeoutMs`: an image's `sh` may be any program. */
const defaultCloseTimeoutMs = 2000;

/** Dependencies for starting and ending a shell. */
export interface ShellDependencies {
  readonly host: PodmanHost;
  readonly send: SendSignal;
  /** Time for a shell to exit after the end of its stdin, before it is killed. Default: two seconds. */
  readonly closeTimeoutMs?: number;
}

/** Receives the output of a shell. If it returns a promise, no more is read from that stream until it resolves. */
export type Listener = (stream: StreamName, bytes: Buffer) => Promise<void> | undefined;

/** Outcome of a shell: podman's exit code, `undefined` if podman itself was ended by a signal. */
export interface ShellEnd {
  readonly exitCode: number | undefined;
}

/** A shell that stays in a container: one `podman exec` that reads from its stdin what to run. */
export interface Shell {
  /** The variable, `NAME=value`, that marks its processes in the container. */
  readonly marker: string;
  readonly ended: Promise<ShellEnd>;
  /** Receives its output; replaced for each command. */
  listener: Listener;
  write(text: string): void;
  /**
   * Ends its stdin, at which it exits in the container too; if it does not in time, it is killed there.
   * @returns a promise that resolves when podman has ended
   */
  close(): Promise<void>;
  /** Sends a signal to podman's process. @returns whether it was still running */
  kill(name: NodeJS.Signals): boolean;
}

/**
 * Starts a shell in a container.
 * @param container full id
 * @param user default: the container's own
 * @param id unique; distinguishes the shell's processes from those of other shells
 */
export function startShell(
  { host, send, closeTimeoutMs = defaultCloseTimeoutMs }: ShellDependencies,
  container: string,
  user: string | undefined,
  id: string,
): Shell {
  const marker = `PODMAN_API_SESSION=${id}`;
  const userFlag = user === undefined ? [] : [`--user=${user}`];
  const args = ['exec', '--interactive', '--detach-keys=', `--env=${marker}`, ...userFlag, '--', container, 'sh'];
  const subprocess = spawn(host, host.binary, args, {});
  let closing: Promise<void> | undefined;
  const close = async () => {
    subprocess.stdin.end();
    if (await waitAtMost(closeTimeoutMs, shell.ended)) return;
    // In the container first: conmon keeps the shell's stdin open when podman is killed.
    await send('SIGKILL', { reference: container, id: container }, marker).catch(() => {});
    shell.kill('SIGKILL');
    await shell.ended;
  };
  const shell: Shell = {
    marker,
    ended: runObserved(
      host.onCommand,
      { verb: verbOf(args), isInSession: false },
      () => subprocess.then(({ exitCode }) => ({ exitCode })),
      ({ exitCode }) => exitCode,
    ),
    listener: () => undefined,
    write: text => void subprocess.stdin.write(text),
    close() {
      closing ??= close();
      return closing;
    },
    kill: name => subprocess.kill(name),
  };
  // A failed write means that podman has ended, which `ended` reports.
  subprocess.stdin.on('error', () => {});
  pipeWithBackpressure(subprocess.stdout, bytes => shell.listener('stdout', bytes));
  pipeWithBackpressure(subprocess.stderr, bytes => shell.listener('stderr', bytes));
  shell.write(shellScript);
  return shell;
}
