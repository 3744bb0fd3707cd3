import type { ErrorEvent } from '../jobs/output-event.ts';
import type { Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { codeOfHttp, codeOfStatus, Ended, lineOf } from './failure.ts';

/**
 * Writes what a job's command writes, as it comes, until the job has ended.
 * @returns the command's exit code, or the one that stands for how the job ended
 */
export async function followJob({ api, stopping, progress, writeOutput, tell }: Context, job: string): Promise<number> {
  for await (const event of api.jobs.output(job, { signal: stopping })) {
    if ('text' in event) {
      await writeOutput(event.event, event.text);
      continue;
    }
    progress.clear();
    if (event.truncated) tell('more was written than the API keeps (MAX_OUTPUT): a part of the output is missing.');
    if (event.event === 'exit') return event.exit_code ?? 0;
    tell(event.message ?? `the job ${job} is ${event.status}.`);
    return codeOfEnd(event);
  }
  return exitCodes.unknown.code;
}

/**
 * The same for a job that was made for this: an interruption cancels it, in its container too.
 * @throws Ended (unknown) where it can be followed no longer
 */
export async function followOwnJob(context: Context, job: string): Promise<number> {
  try {
    return await followJob(context, job);
  } catch (error) {
    if (!context.stopping.aborted) {
      throw new Ended(
        exitCodes.unknown.code,
        `${lineOf(error)} How the command ended is not known here; see: podman-api jobs follow ${job}`,
      );
    }
    await cancel(context, job);
    throw error;
  }
}

async function cancel({ api, progress, tell }: Context, job: string): Promise<void> {
  progress.show('ending the command');
  try {
    const { status } = await api.jobs.cancel(job);
    if (status === 'running') tell(`the command has not ended yet; see: podman-api jobs show ${job}`);
  } catch (error) {
    tell(`the job ${job} could not be cancelled: ${lineOf(error)}`);
  }
}

function codeOfEnd({ status, code = 500 }: ErrorEvent): number {
  return codeOfStatus(status) ?? codeOfHttp(code);
}
