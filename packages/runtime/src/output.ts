/** Name of an output stream of a process. */
export type StreamName = 'stdout' | 'stderr';

/** One piece of output as it was read; a list of chunks is in the order of their arrival. */
export interface Chunk {
  readonly stream: StreamName;
  readonly bytes: Uint8Array;
}

/**
 * Receives one chunk of output. If it returns a promise, no more output is read until that resolves; it never rejects.
 */
export type Take = (stream: StreamName, bytes: Uint8Array) => Promise<void> | undefined;

/** Output of a job's command, as far as it is part of an answer. */
export interface Output {
  /** In the order of their arrival. */
  readonly chunks: readonly Chunk[];
  /** Whether the command wrote more than `chunks` holds. */
  readonly truncated: boolean;
}
