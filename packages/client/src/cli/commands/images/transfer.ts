import type { Job } from '../../../types.ts';
import type { CommandContext } from '../../context.ts';
import { cancelOnAbort } from '../../follow-job.ts';
import type { TransferDisplay } from './transfer-display.ts';

/** A pull or push that is followed. */
export interface Transfer<Result> {
  readonly noun: 'pull' | 'push';
  /** Submits its job. */
  submit(): Promise<Job<Result>>;
  readonly display: TransferDisplay;
}

/**
 * Submits a job that pulls or pushes an image, and shows its progress until it has ended. An interruption cancels it. A job that is
 * withdrawn before it ran is submitted again within the time for retries.
 * @throws ApiError if it does not succeed, ExitError if its outcome is unknown here, or the reason of the signal
 */
export function runTransfer<Result>(context: CommandContext, { noun, submit, display }: Transfer<Result>): Promise<Result> {
  const { api, signal } = context;
  const submitAndWait = async () => {
    const job = await submit();
    return cancelOnAbort(context, job.id, noun, async () => {
      for await (const event of api.jobs.output(job.id, { signal })) {
        if ('text' in event) display.take(event.event, event.text);
      }
      return api.jobs.result(job, { signal });
    });
  };
  return api.jobs.resubmitWithdrawn(submitAndWait, { signal });
}
