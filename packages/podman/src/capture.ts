import type { Run } from './create-podman.ts';
import { Keep } from './keep.ts';
import type { Captured, CommandOptions } from './types.ts';
import { execFaultOf } from './words.ts';

/** See `Podman.capture`. */
export async function capture(run: Run, args: readonly string[], limit: number, options: CommandOptions): Promise<Captured> {
  const keep = new Keep(limit);
  const exitCode = await run(args, options, (stream, bytes) => keep.add(stream, bytes));
  const { chunks, truncated } = keep;
  // A command that wrote to stdout did run, whatever stands in stderr.
  const fault = keep.written.stdout === 0 ? execFaultOf(exitCode, keep.text('stderr'), args) : undefined;
  return { exitCode, chunks, truncated, ...(fault && { fault }) };
}
