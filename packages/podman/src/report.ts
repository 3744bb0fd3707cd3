import type { Run } from './create-podman.ts';
import { Keep } from './keep.ts';
import type { SessionPool } from './session/pool.ts';
import type { CommandOptions, Report } from './types.ts';
import { faultOf } from './words.ts';

/** A report is one short line; this is room for it and for podman's words, in bytes. */
const limit = 64 * 1024;

/** See `Podman.report`. */
export function report(run: Run, args: readonly string[], options: CommandOptions): Promise<Report> {
  const keep = new Keep(limit);
  return new Promise((resolve, reject) => {
    run(args, options, (stream, bytes) => {
      keep.take(stream, bytes);
      const line = reportIn(keep);
      if (line !== undefined) resolve({ line });
      return undefined;
    }).then(() => {
      if (options.signal?.aborted) reject(options.signal.reason);
      resolve({ fault: faultOf(keep.text('stderr'), args) });
    }, reject);
  });
}

/** The same in a session; nothing where it has not been run. */
export async function reportInSession(sessions: SessionPool, options: CommandOptions): Promise<Report | undefined> {
  const keep = new Keep(limit);
  const captured = await sessions.run({ ...options, take: keep.take });
  if (!captured) return undefined;
  if (captured.exitCode === null) options.signal?.throwIfAborted();
  const line = reportIn(keep);
  return line === undefined ? { fault: faultOf('', []) } : { line };
}

function reportIn(keep: Keep): string | undefined {
  const text = keep.text('stdout');
  return text.endsWith('\n') ? text.slice(0, -1).split('\n').at(-1) : undefined;
}
