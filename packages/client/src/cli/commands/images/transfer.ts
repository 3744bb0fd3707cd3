import type { Job } from '../../../types.ts';
import type { CommandContext } from '../../context.ts';
import { cancelOnAbort } from '../../follow-job.ts';
import type { TransferDisplay } from './transfer-display.ts';

/**
 * Shows the progress of a job that pulls or pushes an image until it has ended. An interruption cancels it.
 * @param noun `pull` or `push`
 * @throws ApiError if it does not succeed, ExitError if its outcome is unknown here, or the reason of the signal
 */
export function followTransfer<Result>(context: CommandContext, job: Job<Result>, noun: string, display: TransferDisplay): Promise<Result> {
  const { api, signal } = context;
  return cancelOnAbort(context, job.id, noun, async () => {
    for await (const event of api.jobs.output(job.id, { signal })) {
      if ('text' in event) display.take(event.event, event.text);
    }
    return api.jobs.result(job, { signal });
  });
}
