import type { Readable } from 'node:stream';

/** Hands a stream's pieces on, and waits where they are not taken at once. */
export function pipeWithBackpressure(stream: Readable | null, take: (bytes: Buffer) => Promise<void> | undefined): void {
  stream?.on('data', (bytes: Buffer) => {
    const taken = take(bytes);
    if (!taken) return;
    stream.pause();
    void taken.finally(() => stream.resume());
  });
}
