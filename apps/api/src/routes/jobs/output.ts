import { validationError } from '@podman-api/operations';
import type { RouteContext } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { chooseFormat } from '../../response/event-formats.ts';
import { streamItems } from '../../response/stream-items.ts';
import { authorizeJob } from './authorize-job.ts';
import { formats } from './output-formats.ts';

/**
 * Handles `GET /jobs/:id/output`: streams the output of a job's command from the beginning, then its outcome. A slow reader
 * delays neither the job nor other readers.
 */
export function readOutput(parts: AppParts) {
  const { jobs } = parts;
  return async (ctx: RouteContext): Promise<void> => {
    const { id = '' } = ctx.params;
    const format = chooseFormat(ctx, formats);
    const after = readAfter(ctx.get('Last-Event-ID'));
    authorizeJob(ctx, id, await jobs.read(id));
    /** Number of the last event that was written: readers continue after it. */
    let last = after;
    streamItems(ctx, parts, {
      type: format.type,
      open: signal => jobs.output(id, after, signal),
      format(event) {
        last = event.number;
        return event.chunk ? format.output(event.number, event.chunk) : format.end(event.number, event.outcome);
      },
      ping: () => format.ping(last),
      error: error => format.error(last, error),
    });
  };
}

function readAfter(header: string): number {
  if (header === '') return 0;
  if (/^\d{1,15}$/.test(header)) return Number(header);
  throw validationError([{ path: 'Last-Event-ID', message: 'Last-Event-ID must be the id of an event of this stream' }]);
}
