import type { ErrorEvent } from '../jobs/output-event.ts';
import type { CommandContext } from './context.ts';
import { ExitError, formatError, getExitCodeOfHttpStatus, getExitCodeOfJob } from './errors.ts';
import { exitCodes } from './exit-codes.ts';

/**
 * Prints the output of a job's command until the job is finished.
 * @returns the command's exit code, or the one for the job's outcome
 */
export async function followJob({ api, signal, progress, writeOutput, printMessage }: CommandContext, job: string): Promise<number> {
  for await (const event of api.jobs.output(job, { signal })) {
    if ('text' in event) {
      await writeOutput(event.event, event.text);
      continue;
    }
    progress.clear();
    if (event.truncated) printMessage('the output is longer than the API keeps (MAX_OUTPUT): a part of it is missing.');
    if (event.event === 'exit') return event.exit_code ?? 0;
    printMessage(event.message ?? `the job ${job} is ${event.status}.`);
    return getExitCodeOfOutcome(event);
  }
  return exitCodes.unknown.code;
}

/**
 * Does the same for a job that this command submitted. An interruption cancels the job.
 * @throws ExitError (unknown) if the job can no longer be followed
 */
export async function followSubmittedJob(context: CommandContext, job: string): Promise<number> {
  try {
    return await followJob(context, job);
  } catch (error) {
    if (!context.signal.aborted) {
      throw new ExitError(
        exitCodes.unknown.code,
        `${formatError(error)} The outcome of the command is unknown here; to see it, run: podman-api jobs follow ${job}`,
      );
    }
    await cancelJob(context, job);
    throw error;
  }
}

async function cancelJob({ api, progress, printMessage }: CommandContext, job: string): Promise<void> {
  progress.show('cancelling the command');
  try {
    const { status } = await api.jobs.cancel(job);
    if (status === 'running') printMessage(`the command is still running; to see its status, run: podman-api jobs show ${job}`);
  } catch (error) {
    printMessage(`the job ${job} could not be cancelled: ${formatError(error)}`);
  }
}

function getExitCodeOfOutcome({ status, code = 500 }: ErrorEvent): number {
  return getExitCodeOfJob(status) ?? getExitCodeOfHttpStatus(code);
}
