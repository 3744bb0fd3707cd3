import { describe, expect, it } from 'vitest';
import { ReplayBuffer } from '../src/container/terminal/replay-buffer.ts';

const maxBytes = 256 * 1024;

/** Adds a piece of one byte, alternately of stdout and stderr. @returns whether the command has to wait */
const addPiece = (buffer: ReplayBuffer, index: number) =>
  buffer.write(index % 2 === 0 ? 'stdout' : 'stderr', Buffer.from('x')) !== undefined;

describe('the output that a terminal keeps', () => {
  it('makes the command wait while many small pieces are unsent', () => {
    const buffer = new ReplayBuffer(maxBytes);
    let added = 0;
    while (added < 100_000 && !addPiece(buffer, added)) added += 1;
    expect(added).toBe(1024);
  });

  it('has at most 1,024 pieces when they were sent, and continues with the oldest of them', async () => {
    const buffer = new ReplayBuffer(maxBytes);
    const controller = new AbortController();
    const pieces = buffer.read(0, controller.signal);
    for (let sent = 0; sent < 5000; sent += 1) {
      expect(addPiece(buffer, sent)).toBe(false);
      await pieces.next();
    }
    expect(buffer.firstOffset()).toBeGreaterThan(5000 - 1030);
    expect(buffer.firstOffset()).toBeLessThan(5000 - 1000);
    controller.abort();
  });
});
