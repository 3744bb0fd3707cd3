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
  /** Whether some of its output was not stored: it exceeded MAX_OUTPUT or OUTPUT_SPACE, or Redis lost or rejected it. */
  readonly incomplete: boolean;
}
