import type { Chunk, ExecResult, PodmanFault, StreamName } from '@podman-api/podman';
import Joi from 'joi';
import type { Output } from '../../operation.ts';
import { anyText, count, shape } from '../../schemas/shape.ts';

type Encoding = 'utf8' | 'base64';

/** How a command ended. */
export interface ExecEnd {
  /** As it was observed; `null` where nobody saw one. */
  readonly exit_code: number | null;
  readonly success: boolean;
  readonly duration_ms: number;
  /** How the caller wants its output. */
  readonly encoding: Encoding;
}

/** What a command did. */
export interface Execution extends Omit<ExecEnd, 'encoding'> {
  /** stdout and stderr as they came. */
  readonly output: string;
  readonly stdout: string;
  readonly stderr: string;
  /** More was written than stands here. */
  readonly truncated: boolean;
}

/** What a command did, as it is answered. */
export const execution = shape<Execution>('Execution', {
  exit_code: Joi.number().integer().allow(null).description('As it was observed; null where nobody saw one.'),
  success: Joi.boolean().description('Whether the exit code is 0.'),
  output: anyText().description('stdout and stderr as they came.'),
  stdout: anyText(),
  stderr: anyText(),
  truncated: Joi.boolean().description('More was written than stands here; all of it can be read at the job.'),
  duration_ms: count(),
});

/** Faults of podman's that are an exit code by the shells' convention (POSIX, 2.8.2): 126 and 127. */
const documentedCodes: Readonly<Partial<Record<PodmanFault['reason'], number>>> = {
  'command-not-executable': 126,
  'command-not-found': 127,
};

/**
 * How a command ended.
 * @param duration in ms
 * @throws PodmanFault if podman failed for another reason than the command
 */
export function endOf({ exitCode, fault }: ExecResult, duration: number, encoding: Encoding = 'utf8'): ExecEnd {
  const documented = fault && documentedCodes[fault.reason];
  if (fault && documented === undefined) throw fault;
  const exit_code = documented ?? exitCode;
  return { exit_code, success: exit_code === 0, duration_ms: Math.round(duration), encoding };
}

/** The answer: how a command ended and what it wrote. */
export function presentExecution({ encoding, exit_code, success, duration_ms }: ExecEnd, { chunks, truncated }: Output): Execution {
  const read = (stream?: StreamName) => decode(chunks, encoding, stream);
  return { exit_code, output: read(), success, stdout: read('stdout'), stderr: read('stderr'), truncated, duration_ms };
}

function decode(chunks: readonly Chunk[], encoding: Encoding, stream?: StreamName): string {
  const bytes = Buffer.concat(chunks.filter(chunk => stream === undefined || chunk.stream === stream).map(chunk => chunk.bytes));
  if (encoding === 'base64') return bytes.toString('base64');
  // As a stream, so that a character which the limit has cut is left out instead of replaced.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });
}
