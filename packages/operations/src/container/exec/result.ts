import type { ExecResult, PodmanFault } from '@podman-api/podman';
import type { Output, OutputChunk, StreamName } from '@podman-api/runtime';
import Joi from 'joi';
import { anyText, count, shape } from '../../schemas/shape.ts';

type Encoding = 'utf8' | 'base64';

/** Outcome of a command. */
export interface ExecEnd {
  /** The observed exit code; `null` if none was observed. */
  readonly exit_code: number | null;
  readonly success: boolean;
  readonly duration_ms: number;
  /** Encoding of the output in the response. */
  readonly encoding: Encoding;
}

/** Outcome and output of a command, as in the response. */
export interface Execution extends Omit<ExecEnd, 'encoding'> {
  /** stdout and stderr in the order of their arrival. */
  readonly output: string;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether the command wrote more than the response holds. */
  readonly truncated: boolean;
}

/** Schema of `Execution`. */
export const execution = shape<Execution>('Execution', {
  exit_code: Joi.number().integer().allow(null).description('The observed exit code; null if none was observed.'),
  success: Joi.boolean().description('Whether the exit code is 0.'),
  output: anyText().description('stdout and stderr in the order of their arrival.'),
  stdout: anyText(),
  stderr: anyText(),
  truncated: Joi.boolean().description('Whether the output was cut off here; `GET /jobs/:id/output` returns more of it.'),
  duration_ms: count(),
});

/** Exit codes for faults of podman, by the convention of shells (POSIX, Shell Command Language, 2.8.2). */
const documentedCodes: Readonly<Partial<Record<PodmanFault['reason'], number>>> = {
  'command-not-executable': 126,
  'command-not-found': 127,
};

/**
 * Returns the outcome of a command.
 * @throws PodmanFault if podman failed for another reason than the command
 */
export function toExecEnd({ exitCode, fault }: ExecResult, durationMs: number, encoding: Encoding = 'utf8'): ExecEnd {
  const documented = fault && documentedCodes[fault.reason];
  if (fault && documented === undefined) throw fault;
  const exit_code = documented ?? exitCode;
  return { exit_code, success: exit_code === 0, duration_ms: Math.round(durationMs), encoding };
}

/** Returns the response: the outcome and output of a command. */
export function presentExecution({ encoding, exit_code, success, duration_ms }: ExecEnd, { chunks, truncated }: Output): Execution {
  const read = (stream?: StreamName) => decode(chunks, encoding, stream);
  return { exit_code, output: read(), success, stdout: read('stdout'), stderr: read('stderr'), truncated, duration_ms };
}

function decode(chunks: readonly OutputChunk[], encoding: Encoding, stream?: StreamName): string {
  const bytes = Buffer.concat(chunks.filter(chunk => stream === undefined || chunk.stream === stream).map(chunk => chunk.bytes));
  if (encoding === 'base64') return bytes.toString('base64');
  // As a stream, so that a character that the limit has cut is left out instead of replaced.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });
}
