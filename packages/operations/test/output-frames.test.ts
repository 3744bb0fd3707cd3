import { describe, expect, it } from 'vitest';
import { OutputFrames, packOutput } from '../src/container/terminal/output-frames.ts';

const chunks = [
  { stream: 'stdout', bytes: Buffer.from('out') },
  { stream: 'stderr', bytes: Buffer.alloc(0) },
  { stream: 'stderr', bytes: Buffer.from('a longer error') },
] as const;
const packed = Buffer.concat(chunks.map(packOutput));

describe('packOutput', () => {
  it("writes the header of Docker's streams", () => {
    expect([...packOutput(chunks[0])]).toEqual([1, 0, 0, 0, 0, 0, 0, 3, ...Buffer.from('out')]);
  });
});

describe('OutputFrames', () => {
  it.each([1, 2, 7, 9, 100])('returns the same pieces if the bytes arrive %s at a time', size => {
    const [frames, unpacked] = [new OutputFrames(), new OutputFrames()];
    const received: Buffer[] = [];
    const pieces = [];
    for (let at = 0; at < packed.length; at += size) {
      received.push(Buffer.from(frames.pushPacked(packed.subarray(at, at + size))));
      pieces.push(...unpacked.push(packed.subarray(at, at + size)).map(({ stream, bytes }) => ({ stream, bytes: Buffer.from(bytes) })));
    }
    expect(Buffer.concat(received).equals(packed)).toBe(true);
    expect(pieces).toEqual(chunks);
  });

  it('passes on whole pieces only', () => {
    const frames = new OutputFrames();
    expect(frames.pushPacked(packed.subarray(0, 10)).length).toBe(0);
    expect(frames.pushPacked(packed.subarray(10, 12)).equals(packOutput(chunks[0]))).toBe(true);
  });

  it.each([
    ['an unknown stream', Buffer.from([3, 0, 0, 0, 0, 0, 0, 1, 1])],
    ['a piece that is too long', Buffer.from([1, 0, 0, 0, 255, 0, 0, 0, 1])],
  ])('throws for %s', (_, bytes) => {
    expect(() => new OutputFrames().pushPacked(bytes)).toThrow('a piece of output');
  });
});
