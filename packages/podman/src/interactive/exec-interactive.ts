import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { ExecCommand, ExecOptions, ExecResult } from '../exec/exec-command.ts';
import type { ExecRunner } from '../exec/exec-runner.ts';
import { remotePodmanError } from '../process/remote-podman.ts';
import type { SendSignal } from '../signals/send-signal.ts';
import { sendToForeground } from '../signals/send-to-terminal.ts';
import type { ContainerIds } from '../state/container-ids.ts';
import { type ExecFolder, ExecFolderFinder, type TerminalSize } from './exec-folder.ts';
import type { TerminalResizer } from './terminal-resizer.ts';

/** Interval of the checks whether the command has started. Conmon is there about 35 ms before the command (measured). */
const startPollIntervalMs = 10;

/** A command whose stdin is written while it runs. */
export interface InteractiveCommand extends Omit<ExecCommand, 'stdin' | 'interactive' | 'markers'> {
  /** A variable for the command's processes, by which they are found; no other command has it. */
  readonly marker: { readonly name: string; readonly value: string };
  /** The size of its terminal; `undefined` for pipes, with stdout and stderr apart. */
  readonly terminal: TerminalSize | undefined;
  /** Whether the caller can write to its stdin; otherwise that is empty. */
  readonly hasStdin: boolean;
}

/** A running command. */
export interface RunningCommand {
  /** Writes to its stdin. Resolves when more can be written. */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends its stdin. A terminal has no end of input: send Ctrl-D instead. */
  endStdin(): void;
  /** Sets the size of its terminal, if it has one. */
  resize(size: TerminalSize): Promise<void>;
  /** Signals the foreground of its terminal, or without a terminal all its processes. */
  signal(signal: NodeJS.Signals): Promise<void>;
}

/** Options of an interactive command. */
export interface InteractiveOptions extends Omit<ExecOptions, 'onStdin'> {
  /** Called when the command has started. */
  readonly onStarted: (command: RunningCommand) => void;
}

/** Dependencies for interactive commands. */
export interface InteractiveParts {
  /** Runs podman outside of the limit on commands. */
  readonly execRunner: ExecRunner;
  readonly ids: ContainerIds;
  readonly send: SendSignal;
  readonly resizer: TerminalResizer;
}

/** Returns the function for `Podman.execInteractive`. */
export function createExecInteractive({ execRunner, ids, send, resizer }: InteractiveParts) {
  return async ({ marker, terminal, hasStdin, ...command }: InteractiveCommand, options: InteractiveOptions): Promise<ExecResult> => {
    const { onStarted, ...execOptions } = options;
    const { Id: container, StaticDir: userdata } = await ids.inspect(command.container);
    const others = await readdir(userdata).catch(() => {
      throw remotePodmanError('Terminals can be opened');
    });
    const variable = `${marker.name}=${marker.value}`;
    const finder = new ExecFolderFinder(userdata, others, variable);
    let stdin: Writable | undefined;
    let drained: Promise<void> | undefined;
    const ended = new AbortController();
    const toRunning = (session: ExecFolder): RunningCommand => ({
      async write(bytes) {
        if (!stdin?.writable || stdin.write(bytes)) return;
        // One listener for all writes that wait.
        drained ??= once(stdin, 'drain', { signal: ended.signal })
          .catch(() => {})
          .then(() => {
            drained = undefined;
          });
        await drained;
      },
      endStdin: () => stdin?.end(),
      async resize(size) {
        if (terminal) await resizer.resize(session, size);
      },
      async signal(signal) {
        const pid = terminal && (await session.pid());
        if (pid === undefined) await send(signal, { reference: container, id: container }, variable);
        else await sendToForeground(pid, signal);
      },
    });
    let startedAtMs: number | undefined;
    void awaitStart(finder, terminal, ended.signal).then(session => {
      if (!session) return;
      startedAtMs = Date.now();
      onStarted(toRunning(session));
    });
    try {
      return await execRunner.interactive(
        { ...command, container, markers: { [marker.name]: marker.value }, interactive: selectInteractiveMode(terminal, hasStdin) },
        {
          ...execOptions,
          ...(hasStdin && {
            onStdin(stream: Writable) {
              stdin = stream;
            },
          }),
        },
        () => startedAtMs,
      );
    } finally {
      ended.abort('ended');
    }
  };
}

function selectInteractiveMode(terminal: TerminalSize | undefined, hasStdin: boolean): ExecCommand['interactive'] {
  if (terminal) return 'terminal';
  return hasStdin ? 'pipe' : undefined;
}

/**
 * Waits until the command runs. Its terminal usually has its size before that: conmon sets the size as soon as it has the terminal, while
 * the runtime is still preparing the process. On a busy host the command may be first.
 * @returns `undefined` if it has ended before
 */
async function awaitStart(
  finder: ExecFolderFinder,
  terminal: TerminalSize | undefined,
  ended: AbortSignal,
): Promise<ExecFolder | undefined> {
  let isSized = terminal === undefined;
  while (!ended.aborted) {
    const session = await finder.find();
    if (session && terminal && !isSized) isSized = await session.resize(terminal);
    if (session && (await session.pid()) !== undefined) return session;
    await delay(startPollIntervalMs, undefined, { signal: ended }).catch(() => {});
  }
  return undefined;
}
