import type { Job } from '../../../types.ts';
import type { CommandContext } from '../../context.ts';
import { cancelOnAbort } from '../../follow-job.ts';
import type { TransferDisplay } from './transfer-display.ts';

/** A pull or push that is followed. */
export interface Transfer<Result> {
  readonly noun: 'pull' | 'push';
  /** Its job, if it was submitted before. `submit` is then called only if that job is withdrawn. */
  readonly job?: Job<Result>;
  /** Submits its job. */
  submit(): Promise<Job<Result>>;
  readonly display: TransferDisplay;
}

/**
 * Runs a job that pulls or pushes an image, and shows its progress until it has ended. An interruption cancels it. A job that is
 * withdrawn before it ran is submitted again within the time for retries.
 * @throws ApiError if it does not succeed, ExitError if its outcome is unknown here, or the reason of the signal
 */
export function runTransfer<Result>(context: CommandContext, { noun, job, submit, display }: Transfer<Result>): Promise<Result> {
  const { api, signal } = context;
  let submitted = job;
  const submitAndWait = async () => {
    const current = submitted ?? (await submit());
    submitted = undefined;
    return cancelOnAbort(context, current.id, noun, async () => {
      for await (const event of api.jobs.output(current.id, { signal })) {
        if ('text' in event) display.addOutput(event.event, event.text);
      }
      return api.jobs.result(current, { signal });
    });
  };
  return api.jobs.resubmitWithdrawn(submitAndWait, { signal });
}
