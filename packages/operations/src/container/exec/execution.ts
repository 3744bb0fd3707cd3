import type { Captured, Chunk, StreamName } from '@podman-api/podman';

/** What a command did. */
export interface Execution {
  /** As it was observed; `null` where nobody saw one. */
  readonly exit_code: number | null;
  /** stdout and stderr as they came. */
  readonly output: string;
  readonly success: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** More was written than stands here. */
  readonly truncated: boolean;
  readonly duration_ms: number;
}

/** Faults of podman's that are an exit code by the shells' convention (POSIX, 2.8.2): 126 and 127. */
const documentedCodes: Readonly<Record<string, number>> = { 'command-not-executable': 126, 'command-not-found': 127 };

/**
 * Makes the result of an exec.
 * @param duration in ms
 * @throws PodmanFault where podman failed for another reason than the command
 */
export function executionOf(
  { exitCode, fault, chunks, truncated }: Captured,
  duration: number,
  encoding: 'utf8' | 'base64' = 'utf8',
): Execution {
  if (fault && documentedCodes[fault.reason] === undefined) throw fault;
  const exit_code = fault ? (documentedCodes[fault.reason] ?? null) : exitCode;
  const read = (stream?: StreamName) => decode(chunks, encoding, stream);
  return {
    exit_code,
    output: read(),
    success: exit_code === 0,
    stdout: read('stdout'),
    stderr: read('stderr'),
    truncated,
    duration_ms: Math.round(duration),
  };
}

function decode(chunks: readonly Chunk[], encoding: 'utf8' | 'base64', stream?: StreamName): string {
  const bytes = Buffer.concat(chunks.filter(chunk => stream === undefined || chunk.stream === stream).map(chunk => chunk.bytes));
  if (encoding === 'base64') return bytes.toString('base64');
  // As a stream, so that a character which the limit has cut is left out instead of replaced.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });
}
