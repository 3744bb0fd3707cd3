import type { Run } from './create-podman.ts';
import { classifyError } from './error-patterns.ts';
import { OutputBuffer } from './output-buffer.ts';
import type { Podman } from './types.ts';

/**
 * How much is discarded before podman is ended. A `podman cp` that is ended leaves the file system of a stopped container
 * mounted until that is removed, so ordinary files are read to their end.
 */
const maxDiscardedBytes = 256 * 1024 ** 2;

/** Returns a function as `Podman.read` describes it. */
export function readStart(run: Run): Podman['read'] {
  return async (args, maxBytes, options = {}) => {
    const stdout = new OutputBuffer(maxBytes);
    const stderr = new OutputBuffer(64 * 1024);
    const enough = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, enough.signal]) : enough.signal;
    const exitCode = await run(args, { ...options, signal }, (stream, bytes) => {
      (stream === 'stdout' ? stdout : stderr).take(stream, bytes);
      if (stdout.written.stdout > maxBytes + maxDiscardedBytes) enough.abort();
      return undefined;
    });
    options.signal?.throwIfAborted();
    if (!enough.signal.aborted && exitCode !== 0) throw classifyError(stderr.text('stderr'), args);
    return Buffer.concat(stdout.chunks.map(({ bytes }) => bytes));
  };
}
