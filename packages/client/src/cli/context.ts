import { once } from 'node:events';
import type { Client } from '../client.ts';
import { printableLine } from './printable.ts';
import type { Progress } from './progress.ts';
import { type StreamName, writeMessage, writeOutput, writeText } from './write.ts';

/** What a command works with. */
export interface Context {
  readonly api: Client;
  /** Aborted, with an `Ended`, when the command should end. */
  readonly stopping: AbortSignal;
  readonly progress: Progress;
  /** Writes output of a container's command or log as it is, no faster than it is read. */
  writeOutput(stream: StreamName, text: string): Promise<void>;
  /** Prints a result on stdout, with control characters escaped. */
  print(text: string): Promise<void>;
  /** Prints one line on stdout, whatever is in it. */
  printLine(line: string): Promise<void>;
  /** Tells a person something, in a line on stderr. */
  tell(line: string): void;
}

export function createContext(api: Client, stopping: AbortSignal, progress: Progress): Context {
  const drained = async (stream: StreamName, isDrained: boolean): Promise<void> => {
    if (!isDrained) await once(process[stream], 'drain', { signal: stopping });
  };
  const print = (text: string): Promise<void> => {
    progress.end();
    return drained('stdout', writeText('stdout', text));
  };
  return {
    api,
    stopping,
    progress,
    writeOutput(stream, text) {
      progress.end();
      return drained(stream, writeOutput(stream, text));
    },
    print,
    printLine: line => print(`${printableLine(line)}\n`),
    tell(line) {
      progress.clear();
      writeMessage(line);
    },
  };
}
