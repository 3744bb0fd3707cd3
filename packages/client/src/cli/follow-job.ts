import { ApiError } from '../errors.ts';
import { withdrawnMessage } from '../jobs/job-result.ts';
import type { ErrorEvent } from '../jobs/output-event.ts';
import type { Job } from '../types.ts';
import type { CommandContext } from './context.ts';
import { ExitError, formatError, getExitCodeOfHttpStatus, getExitCodeOfJob } from './errors.ts';
import { exitCodes } from './exit-codes.ts';

/**
 * Prints the output of a job's command until the job is finished.
 * @param onError called before the error is printed
 * @returns the command's exit code, or the one for the job's outcome, or for output that is lost
 */
export async function followJob(
  { api, signal, progress, writeOutput, printMessage }: CommandContext,
  job: string,
  onError: (event: ErrorEvent) => void = () => {},
): Promise<number> {
  for await (const event of api.jobs.output(job, { signal })) {
    if ('text' in event) {
      await writeOutput(event.event, event.text);
      continue;
    }
    progress.clear();
    if (event.truncated) printMessage('the output is longer than the API keeps (MAX_OUTPUT): a part of it is missing.');
    if (event.event === 'exit') return event.exit_code || (event.truncated ? exitCodes.failed.code : 0);
    onError(event);
    printMessage(event.message ?? `the job ${job} is ${event.status}.`);
    return getExitCodeOfOutcome(event);
  }
  return exitCodes.unknown.code;
}

/** A job that has ended. */
interface EndedJob<Result> {
  readonly job: Job<Result>;
  /** Exit code of its command, or the one for the job's outcome. */
  readonly code: number;
}

/**
 * Submits a job, and prints the output of its command until it is finished. A job that is withdrawn before it ran is submitted again
 * within the time for retries.
 * @throws ApiError if the last job was withdrawn too; and as `cancelOnAbort`
 */
export function submitAndFollow<Result>(context: CommandContext, submit: () => Promise<Job<Result>>): Promise<EndedJob<Result>> {
  const submitAndWait = async () => {
    const job = await submit();
    const follow = () => followJob(context, job.id, event => throwIfWithdrawn(event, job));
    return { job, code: await cancelOnAbort(context, job.id, 'command', follow) };
  };
  return context.api.jobs.resubmitWithdrawn(submitAndWait, { signal: context.signal });
}

function throwIfWithdrawn({ status, message, code = 408, type = 'TimeoutError' }: ErrorEvent, { id, url }: Pick<Job, 'id' | 'url'>): void {
  if (status !== 'withdrawn') return;
  throw new ApiError({ message: message ?? withdrawnMessage, code, type, job: { id, status, url } });
}

/**
 * Calls a function that follows a job which this command submitted. An interruption cancels the job.
 * @param noun noun for the job, such as `pull`
 * @throws ExitError (unknown) if the job can no longer be followed; else what the function throws
 */
export async function cancelOnAbort<Result>(
  context: CommandContext,
  job: string,
  noun: string,
  follow: () => Promise<Result>,
): Promise<Result> {
  try {
    return await follow();
  } catch (error) {
    if (context.signal.aborted) await cancelJob(context, job, noun);
    const isOutcome = error instanceof ApiError && error.job !== undefined;
    if (context.signal.aborted || isOutcome) throw error;
    const message = `${formatError(error)} The outcome of the ${noun} is unknown here; to see it, run: podman-api jobs follow ${job}`;
    throw new ExitError(exitCodes.unknown.code, message);
  }
}

async function cancelJob({ api, progress, printMessage }: CommandContext, job: string, noun: string): Promise<void> {
  progress.show(`cancelling the ${noun}`);
  try {
    const { status } = await api.jobs.cancel(job);
    if (status === 'running') printMessage(`the ${noun} is still running; to see its status, run: podman-api jobs show ${job}`);
  } catch (error) {
    printMessage(`the job ${job} could not be cancelled: ${formatError(error)}`);
  }
}

function getExitCodeOfOutcome({ status, code = 500 }: ErrorEvent): number {
  return getExitCodeOfJob(status) ?? getExitCodeOfHttpStatus(code);
}
