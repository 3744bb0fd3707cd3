import type { Output } from '@podman-api/runtime';
import Joi from 'joi';
import { type Execution, execution, presentExecution } from '../../container/exec/result.ts';
import { containerName } from '../../schemas/names.ts';
import { anyText, count, listOf, part, shape, shortIdText } from '../../schemas/shape.ts';

/** A file that was read after the command had ended, or why it could not be read. */
export type OutputFile =
  | { readonly path: string; readonly size: number; readonly content: string; readonly encoding: 'utf8' | 'base64' }
  | { readonly path: string; readonly error: string };

/** Outcome of the command of a run. */
export interface RunVerdict {
  /** The observed exit code. */
  readonly exit_code: number;
  readonly success: boolean;
  /** Time from the start of the container's process to its end. */
  readonly duration_ms: number;
  /** Whether the command was ended at its time limit. */
  readonly timed_out: boolean;
  /** Whether the kernel killed one of its processes because the container had reached its memory limit. */
  readonly oom_killed: boolean;
  /** Resources that all processes used; `null` for a figure that the worker could not read. */
  readonly usage: {
    /** CPU time, user and system. */
    readonly cpu_ms: number | null;
    /** Peak, in bytes. */
    readonly max_memory: number | null;
  };
}

/** The result of a run without its output. */
export interface RunOutcome extends RunVerdict {
  readonly files: readonly OutputFile[];
  /** The container, if it was kept. */
  readonly container?: { readonly id: string; readonly name: string };
}

/** The result of a run, as in the response. */
export interface FinishedRun extends RunOutcome, Pick<Execution, 'output' | 'stdout' | 'stderr' | 'truncated'> {}

const path = () => Joi.string();

/** Schema of `FinishedRun`. */
export const finishedRun = shape<FinishedRun>('FinishedRun', {
  exit_code: Joi.number().integer().description('The observed exit code; 128 and the number of the signal if one ended the command.'),
  success: Joi.boolean().description('Whether the exit code is 0 and the time limit was not reached.'),
  stdout: execution.extract('stdout'),
  stderr: execution.extract('stderr'),
  output: execution.extract('output'),
  truncated: execution.extract('truncated'),
  duration_ms: count(),
  timed_out: Joi.boolean().description('Whether the command was ended at its time limit.'),
  oom_killed: Joi.boolean().description('Whether the kernel killed one of its processes because of the memory limit.'),
  usage: shape<FinishedRun['usage']>('RunUsage', {
    cpu_ms: count().allow(null).description('CPU time of all processes; null if it could not be read.'),
    max_memory: count().allow(null).description('Largest memory of all processes at one time, in bytes; null if it could not be read.'),
  }),
  files: listOf(
    Joi.alternatives(
      shape<Extract<OutputFile, { size: number }>>('OutputFile', {
        path: path(),
        size: count().description('Bytes.'),
        content: anyText(),
        encoding: Joi.valid('utf8', 'base64').description('`base64` if the file is not UTF-8.'),
      }),
      shape<Extract<OutputFile, { error: string }>>('UnreadOutputFile', { path: path(), error: Joi.string() }),
    ),
  ).description('The files of `outputs`, in their order.'),
  container: part<NonNullable<FinishedRun['container']>>({ id: shortIdText(), name: containerName() })
    .optional()
    .description('The container, if it was kept.'),
});

/** Returns the response: the outcome of the command, its output, and its files. */
export function presentRun({ exit_code, success, duration_ms, ...rest }: RunOutcome, written: Output): FinishedRun {
  return { ...presentExecution({ exit_code, success, duration_ms, encoding: 'utf8' }, written), exit_code, ...rest };
}
