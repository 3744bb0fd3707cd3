import { readFileSync } from 'node:fs';
import { execa } from 'execa';
import type { SendSignal } from '../kill/killer.ts';
import { pipeWithBackpressure } from '../pipe-with-backpressure.ts';
import type { Host } from '../process.ts';
import type { StreamName } from '../types.ts';
import { verbOf, watched } from '../watch.ts';

const prelude = readFileSync(new URL('./shell.sh', import.meta.url), 'utf8');

/** What it takes to start a shell, and to end one. */
export interface ShellParts {
  readonly host: Host;
  readonly send: SendSignal;
}

/** Takes what a shell writes; where that takes time, no more is read until it is taken. */
export type Listener = (stream: StreamName, bytes: Buffer) => Promise<void> | undefined;

/** How a shell came to its end: the exit code that podman told, or nothing where podman itself was ended. */
export interface ShellEnd {
  readonly exitCode: number | undefined;
}

/** A shell that stays in a container: one `podman exec`, told by stdin what to run. */
export interface Shell {
  /** The variable that marks its processes in the container. */
  readonly mark: string;
  readonly ended: Promise<ShellEnd>;
  /** Who hears what it writes; nobody should while it has nothing to do. */
  listener: Listener;
  write(text: string): void;
  /** Ends it by the end of its stdin, which ends it in the container too; one that does not heed that is killed. */
  close(): void;
  kill(name: NodeJS.Signals): void;
}

/** How long a shell may take to end by itself, in ms; whatever an image has by the name of sh, it must not stay. */
const closing = 2000;

/** @param id tells its processes from those of all other shells */
export function startShell({ host, send }: ShellParts, container: string, user: string | undefined, id: string): Shell {
  const mark = `PODMAN_API_SESSION=${id}`;
  const asUser = user === undefined ? [] : [`--user=${user}`];
  const args = ['exec', '--interactive', '--detach-keys=', `--env=${mark}`, ...asUser, '--', container, 'sh'];
  const subprocess = execa(host.binary, args, {
    buffer: false,
    cleanup: false,
    detached: true,
    extendEnv: false,
    reject: false,
    env: host.env,
    ...(host.cwd !== undefined && { cwd: host.cwd }),
  });
  const shell: Shell = {
    mark,
    ended: watched(
      host.watch,
      { verb: verbOf(args), inSession: false },
      () => subprocess.then(({ exitCode }) => ({ exitCode })),
      ({ exitCode }) => exitCode,
    ),
    listener: () => undefined,
    write: text => void subprocess.stdin.write(text),
    close() {
      if (subprocess.stdin.writableEnded) return;
      subprocess.stdin.end();
      const late = setTimeout(() => void send('KILL', container, mark).then(end, end), closing).unref();
      void shell.ended.then(() => clearTimeout(late));
    },
    kill: name => void subprocess.kill(name),
  };
  const end = () => shell.kill('SIGKILL');
  // Its end tells of that.
  subprocess.stdin.on('error', () => {});
  pipeWithBackpressure(subprocess.stdout, bytes => shell.listener('stdout', bytes));
  pipeWithBackpressure(subprocess.stderr, bytes => shell.listener('stderr', bytes));
  shell.write(prelude);
  return shell;
}
