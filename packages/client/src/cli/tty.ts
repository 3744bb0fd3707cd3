import { ReadStream, WriteStream } from 'node:tty';
import type { TerminalOptions } from '../terminals/open-terminal.ts';
import type { CommandContext } from './context.ts';
import { ExitError } from './errors.ts';
import { exitCodes } from './exit-codes.ts';
import { writeOutput } from './write.ts';

/** The flag `-t` of commands that have no terminal. It is declared so that the error for `-it` can name an alternative. */
export const unsupportedTtyFlag = {
  type: 'boolean',
  short: 't',
  description: 'a terminal, which this command does not support: exits with 125',
} as const;

/** Rejects the flag `-t`. @throws ExitError (125) if it is set */
export function rejectTty(tty: boolean | undefined): void {
  if (!tty) return;
  throw new ExitError(
    exitCodes.noTerminal.code,
    'run has no terminal: start the container with "run -d", and use "exec -it". With -i alone, the command gets all of stdin.',
  );
}

/**
 * Runs a command in a terminal that is this process's own: keys go to the command as they are typed, Ctrl-C among them. The terminal
 * is always restored.
 * @param hasStdin whether keys go to the command
 * @returns its exit code
 * @throws ExitError (125) if this process has no terminal
 */
export async function runInTerminal(
  name: string,
  { stdin: hasStdin, ...options }: Pick<TerminalOptions, 'command' | 'user' | 'workDir' | 'environment' | 'timeoutSeconds' | 'stdin'>,
  { api, signal, progress, printMessage }: CommandContext,
): Promise<number> {
  const { stdin, stdout } = process;
  if (!(stdout instanceof WriteStream) || (hasStdin && !(stdin instanceof ReadStream))) {
    throw new ExitError(exitCodes.noTerminal.code, '-t needs a terminal: stdin and stdout of podman-api must be one. Leave out -t.');
  }
  const [cols, rows] = stdout.getWindowSize();
  progress.show(`opening a terminal in ${name}`);
  const terminal = await api.terminals.open(name, {
    ...options,
    stdin: hasStdin,
    // A terminal may not know its size.
    cols: cols || undefined,
    rows: rows || undefined,
    signal,
    onOutput: (_stream, bytes) => void writeOutput(process.stdout, bytes),
    onReconnect: () => printMessage('the connection was lost, connecting again\r'),
  });
  progress.stop();
  const onResize = () => {
    const [newCols, newRows] = stdout.getWindowSize();
    if (newCols > 0 && newRows > 0) terminal.resize({ cols: newCols, rows: newRows });
  };
  const onKeys = (bytes: Buffer) => terminal.write(bytes);
  stdout.on('resize', onResize);
  if (hasStdin && stdin instanceof ReadStream) {
    stdin.setRawMode(true);
    stdin.on('data', onKeys);
  }
  try {
    const code = await terminal.exitCode;
    if (code === null) throw new ExitError(exitCodes.unknown.code, 'The exit code of the command was not observed.');
    return code;
  } finally {
    stdout.off('resize', onResize);
    if (hasStdin && stdin instanceof ReadStream) {
      stdin.off('data', onKeys);
      stdin.setRawMode(false);
      stdin.pause();
    }
  }
}
