import { type ApiError, JobOutcomeError, toApiError } from '@podman-api/errors';
import type { ExecResult, Podman } from '@podman-api/podman';
import type { TaskContext } from '../../operation.ts';
import { environmentStrings } from '../../schemas/environment.ts';
import type { CommandInput } from '../../schemas/text.ts';
import { jobMarker } from '../job-processes.ts';
import type { ExecInput } from './input.ts';
import { type ExecEnd, toExecEnd } from './result.ts';

/**
 * Runs a command in a container; its output goes to `context.output` as it arrives.
 * @throws PodmanFault if podman failed for another reason than the command; the reason of the signal, with the fields of the
 *   execution, if the command was ended before it returned an exit code
 */
export async function runExec(podman: Podman, input: ExecInput, context: TaskContext): Promise<ExecEnd> {
  const started = performance.now();
  const result = await execIn(podman, input, context);
  const end = toExecEnd(result, performance.now() - started, input.encoding);
  if (result.faultText) await context.output('stderr', result.faultText);
  if (result.exitCode === null) throw endReason(context.signal).withFields({ execution: end });
  return end;
}

function execIn(podman: Podman, input: ExecInput, context: TaskContext): Promise<ExecResult> {
  const { name, command, user, work_dir, stdin, stop_timeout } = input;
  const { markers, options } = jobMarker(podman, name, context, stop_timeout === undefined ? undefined : stop_timeout * 1000);
  const environment = environmentStrings(input.environment);
  return podman.exec(
    { container: name, user, argv: argvOf(command), environment, markers, workDir: work_dir, stdin },
    { ...options, onOutput: context.output },
  );
}

/** Returns a command as argv: a string is for the container's `sh`. */
export function argvOf(command: CommandInput): readonly string[] {
  return typeof command === 'string' ? ['sh', '-c', command] : command;
}

/** Returns why a command was ended before it returned an exit code. */
export function endReason(signal: AbortSignal): ApiError {
  if (signal.aborted) return toApiError(signal.reason);
  return new JobOutcomeError('unknown', 'Podman was ended by a signal from outside; the outcome of the command is unknown.');
}
