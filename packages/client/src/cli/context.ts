import { once } from 'node:events';
import type { Client } from '../client.ts';
import { printableLine } from './printable.ts';
import type { Progress } from './progress.ts';
import { type OutputStreams, type StreamName, writeMessage, writeOutput, writeText } from './write.ts';

/** Dependencies of a command. */
export interface CommandContext {
  readonly api: Client;
  /** Aborted, with an ExitError as its reason, when the command should stop. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Writes output of a container's command, a log or a file unchanged, and waits for the reader (back-pressure). */
  writeOutput(stream: StreamName, output: string | Uint8Array): Promise<void>;
  /** Prints a result on stdout, with control characters escaped. */
  print(text: string): Promise<void>;
  /** Prints one line on stdout, with control characters and newlines escaped. */
  printLine(line: string): Promise<void>;
  /** Prints one line on stderr, such as an error or a warning. */
  printMessage(line: string): void;
  /** Prints one line of progress on stderr, for readers without a terminal. */
  printStatus(line: string): void;
}

/** Creates the context of a command. */
export function createContext(
  api: Client,
  { signal, progress, streams }: Pick<CommandContext, 'signal' | 'progress'> & { readonly streams: OutputStreams },
): CommandContext {
  const waitForDrain = async (stream: StreamName, isDrained: boolean): Promise<void> => {
    if (!isDrained) await once(streams[stream], 'drain', { signal });
  };
  const print = (text: string): Promise<void> => {
    progress.stop();
    return waitForDrain('stdout', writeText(streams.stdout, text));
  };
  return {
    api,
    signal,
    progress,
    writeOutput(stream, output) {
      progress.stop();
      return waitForDrain(stream, writeOutput(streams[stream], output));
    },
    print,
    printLine: line => print(`${printableLine(line)}\n`),
    printMessage(line) {
      progress.clear();
      writeMessage(streams.stderr, line);
    },
    printStatus(line) {
      progress.clear();
      writeText(streams.stderr, `${printableLine(line)}\n`);
    },
  };
}
