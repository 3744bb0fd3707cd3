import { exitCodes } from './exit-codes.ts';
import { Ended } from './failure.ts';

const signals = {
  SIGINT: exitCodes.interrupted.code,
  SIGTERM: exitCodes.terminated.code,
  SIGHUP: exitCodes.hungUp.code,
} as const;

/** How often the process that started this one is looked for, in ms. */
const parentEvery = 250;

/**
 * A signal that is aborted, with an `Ended`, when somebody wants this process to end or nobody reads its output. What it
 * has under way can be seen to then; a second of the process's signals ends it at once.
 */
export function watchInterrupts(): AbortSignal {
  const stopping = new AbortController();
  for (const [name, code] of Object.entries(signals)) {
    process.on(name, () => {
      if (stopping.signal.aborted) process.exit(code);
      stopping.abort(new Ended(code, ''));
    });
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => stopping.abort(new Ended(exitCodes.pipeClosed.code, '')));
  }
  watchNpx(() => stopping.abort(new Ended(exitCodes.terminated.code, '')));
  return stopping.signal;
}

/** Npx ends on a SIGTERM and hands none on: where it has gone, what it had started ends as well. */
function watchNpx(end: () => void): void {
  if (process.env['npm_lifecycle_event'] !== 'npx') return;
  const { ppid } = process;
  setInterval(() => process.ppid !== ppid && end(), parentEvery).unref();
}
