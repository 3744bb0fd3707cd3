import { describeSystemError, hasCode } from '../system-error.ts';
import { ExitError } from './errors.ts';
import { exitCodes } from './exit-codes.ts';

const signals = {
  SIGINT: exitCodes.interrupted.code,
  SIGTERM: exitCodes.terminated.code,
  SIGHUP: exitCodes.hungUp.code,
} as const;

/** Interval between two checks that npx still runs. */
const parentCheckIntervalMs = 250;

/**
 * Returns a signal that is aborted, with an ExitError as its reason, by SIGINT, SIGTERM or SIGHUP and when stdout or stderr
 * is closed or cannot be written. The command can then clean up. A second signal exits at once.
 */
export function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const [name, code] of Object.entries(signals)) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(code);
      controller.abort(new ExitError(code, ''));
    });
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', error => controller.abort(explainOutputError(error)));
  }
  watchNpx(() => controller.abort(new ExitError(exitCodes.terminated.code, '')));
  return controller.signal;
}

/** Returns the error of a command whose output cannot be written, for instance because a disk is full. */
function explainOutputError(error: Error): ExitError {
  if (hasCode(error, 'EPIPE')) return new ExitError(exitCodes.pipeClosed.code, '');
  return new ExitError(exitCodes.failed.code, `The output cannot be written: ${describeSystemError(error) ?? error.message}.`);
}

/** Calls back when npx exits, if it started this process: npx does not forward SIGTERM. */
function watchNpx(onExit: () => void): void {
  if (process.env['npm_lifecycle_event'] !== 'npx') return;
  const { ppid } = process;
  setInterval(() => process.ppid !== ppid && onExit(), parentCheckIntervalMs).unref();
}
