import type { Run } from './create-podman.ts';
import { HoldBack } from './hold-back.ts';
import { Keep } from './keep.ts';
import type { Captured, CaptureOptions } from './types.ts';
import { execFaultOf } from './words.ts';

/** How much of stderr is looked at for podman's words, in bytes. */
const wordsLimit = 16 * 1024;

/** See `Podman.capture`. */
export async function capture(run: Run, args: readonly string[], options: CaptureOptions): Promise<Captured> {
  const start = new Keep(wordsLimit);
  const holdBack = new HoldBack(options.take, options.doubtful ?? false);
  const exitCode = await run(args, options, (stream, bytes) => {
    start.take(stream, bytes);
    return holdBack.take(stream, bytes);
  });
  // A command that wrote to stdout did run, whatever stands in stderr.
  const fault = start.written.stdout === 0 ? execFaultOf(exitCode, start.text('stderr'), args) : undefined;
  if (fault) return { exitCode, fault, words: holdBack.keep() };
  await holdBack.release();
  return { exitCode, words: new Uint8Array() };
}
