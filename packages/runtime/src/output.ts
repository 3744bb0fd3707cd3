/** Name of an output stream of a process. */
export type StreamName = 'stdout' | 'stderr';

/** One piece of output, as it was read. */
export interface OutputChunk {
  readonly stream: StreamName;
  readonly bytes: Uint8Array;
}

/**
 * Receives one chunk of output. If it returns a promise, which never rejects, no more output is read until it resolves.
 */
export type ChunkSink = (stream: StreamName, bytes: Uint8Array) => Promise<void> | undefined;

/** Output of a job's command that is part of a response. */
export interface Output {
  /** In the order of their arrival. */
  readonly chunks: readonly OutputChunk[];
  /** Whether the command wrote more than `chunks` holds. */
  readonly truncated: boolean;
  /** Whether it wrote more than is kept at all: more than MAX_OUTPUT, or what OUTPUT_SPACE had no room for. */
  readonly incomplete: boolean;
}
