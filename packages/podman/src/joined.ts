import { createWriteStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Run } from './create-podman.ts';
import { openScratchFile } from './scratch-file.ts';
import type { CommandOptions, Kept } from './types.ts';
import { faultOf } from './words.ts';

/** How often the size of what was written is looked at, in ms. */
const lookEvery = 50;

/**
 * See `Podman.joined`. Two pipes would lose the order between the streams; one file, which both append to,
 * keeps it. Podman is ended once it has written more than is kept.
 */
export async function joined(run: Run, args: readonly string[], limit: number, options: CommandOptions): Promise<Kept> {
  const file = await openScratchFile('ax+');
  const full = new AbortController();
  const watch = setInterval(() => {
    file.stat().then(
      ({ size }) => size > limit && full.abort(),
      () => {},
    );
  }, lookEvery);
  try {
    const signal = options.signal ? AbortSignal.any([options.signal, full.signal]) : full.signal;
    const exitCode = await run(args, { ...options, signal }, createWriteStream('', { fd: file.fd, autoClose: false }));
    options.signal?.throwIfAborted();
    const { size } = await file.stat();
    const bytes = await readStart(file, Math.min(size, limit));
    const failed = exitCode !== 0 && !full.signal.aborted;
    return { bytes, truncated: size > limit, ...(failed && { fault: faultOf(bytes.toString(), args) }) };
  } finally {
    clearInterval(watch);
    await file.close();
  }
}

async function readStart(file: FileHandle, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
  return buffer.subarray(0, bytesRead);
}
