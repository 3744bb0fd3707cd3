import { once } from 'node:events';
import type { Client } from '../client.ts';
import type { Progress } from './progress.ts';

/** What a command works with. */
export interface Context {
  readonly api: Client;
  /** Aborted, with an `Ended`, when the command should end. */
  readonly stopping: AbortSignal;
  readonly progress: Progress;
  /** Writes to stdout or stderr, no faster than it is read. */
  write(stream: 'stdout' | 'stderr', text: string): Promise<void>;
  /** Tells a person something, in a line on stderr. */
  tell(line: string): void;
}

export function createContext(api: Client, stopping: AbortSignal, progress: Progress): Context {
  return {
    api,
    stopping,
    progress,
    async write(stream, text) {
      progress.end();
      if (!process[stream].write(text)) await once(process[stream], 'drain', { signal: stopping });
    },
    tell(line) {
      progress.clear();
      process.stderr.write(`podman-api: ${line}\n`);
    },
  };
}
