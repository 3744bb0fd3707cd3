import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FinalNewlineFilter } from '../../src/attach/final-newline-filter.ts';

describe('FinalNewlineFilter', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function createFilter() {
    let stdout = '';
    const filter = new FinalNewlineFilter(async (stream, bytes) => {
      if (stream === 'stdout') stdout += Buffer.from(bytes);
    });
    const write = (text: string) => filter.write('stdout', Buffer.from(text));
    return { filter, write, stdout: () => stdout };
  }

  it.each([
    ['alone', ['line\n', '\n'], 'line\n'],
    ['with a line', ['line\n\n'], 'line\n'],
    ['after a line without an end', ['line', '\n'], 'line'],
    ['together with a line without an end', ['line\n'], 'line'],
    ['after empty lines', ['line\n', '\n', '\n', '\n'], 'line\n\n\n'],
    ['as all of the output', ['\n'], ''],
  ])("leaves out podman's newline if it arrives %s", async (_how, pieces, expected) => {
    const { filter, write, stdout } = createFilter();
    for (const piece of pieces) await write(piece);
    await filter.discard();
    expect(stdout()).toBe(expected);
  });

  it('passes on the end of a line after 20 ms, and an empty line after a second', async () => {
    const { write, stdout } = createFilter();
    await write('line\n');
    expect(stdout()).toBe('line');
    await vi.advanceTimersByTimeAsync(20);
    expect(stdout()).toBe('line\n');
    await write('\n');
    await vi.advanceTimersByTimeAsync(999);
    expect(stdout()).toBe('line\n');
    await vi.advanceTimersByTimeAsync(1);
    expect(stdout()).toBe('line\n\n');
  });

  it('passes on what it holds back if podman has written no newline', async () => {
    const { filter, write, stdout } = createFilter();
    await write('line\n');
    await filter.release();
    await filter.discard();
    expect(stdout()).toBe('line\n');
  });

  it('passes on all bytes in order', async () => {
    const { filter, write, stdout } = createFilter();
    for (const piece of ['a', '\n', 'b\n', 'c\n\n', '\nd', '\r\n']) void write(piece);
    await write('end');
    await filter.discard();
    expect(stdout()).toBe('a\nb\nc\n\n\nd\r\nend');
  });

  it('reports that the receiver has failed', async () => {
    const filter = new FinalNewlineFilter(() => Promise.reject(new Error('gone')));
    await expect(filter.write('stdout', Buffer.from('line'))).rejects.toThrow('gone');
    await expect(filter.discard()).rejects.toThrow('gone');
  });
});
