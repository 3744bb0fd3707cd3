import { afterEach, describe, expect, it, vi } from 'vitest';
import { formatBar, formatSize } from '../src/cli/format-size.ts';
import { createProgress } from '../src/cli/progress.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** A terminal that records what is written to it. */
function fakeTerminal(columns: number, rows: number) {
  const written: string[] = [];
  const write = (text: string | Uint8Array) => written.push(String(text)) > 0;
  return { isTTY: true, columns, rows, written, write };
}

describe('createProgress', () => {
  it('replaces its lines, cuts those that are too wide, and leaves out the first that do not fit', () => {
    const terminal = fakeTerminal(9, 3);
    const progress = createProgress(terminal);
    progress.showLines(['first', 'second and more', 'th\x1b[2Jird']);
    progress.showLines(['one']);
    progress.clear();
    expect(terminal.written).toEqual(['second a\nth\\x1b[2', '\x1b[1A\r\x1b[Jone', '\r\x1b[J']);
  });

  it('counts the seconds of a string, and shows nothing after it was stopped', () => {
    vi.useFakeTimers();
    const terminal = fakeTerminal(0, 0);
    const progress = createProgress(terminal);
    progress.show('waiting');
    vi.advanceTimersByTime(1100);
    expect(terminal.written.at(-1)).toBe('\r\x1b[Jwaiting… 1 s');
    progress.stop();
    const { length } = terminal.written;
    progress.show('again');
    progress.showLines(['again']);
    expect(terminal.written).toHaveLength(length);
  });

  it('writes nothing to a file', () => {
    const file = { ...fakeTerminal(80, 24), isTTY: false };
    const progress = createProgress(file);
    progress.show('x');
    progress.showLines(['x']);
    progress.clear();
    expect(progress.isVisible).toBe(false);
    expect(file.written).toEqual([]);
  });
});

describe('formatSize', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [8_083_456, '8.08 MB'],
    [999_600, '1 MB'],
    [4_294_967_296, '4.29 GB'],
    [5e18, '5000 PB'],
  ])('formats %d bytes', (bytes, text) => expect(formatSize(bytes)).toBe(text));
});

describe('formatBar', () => {
  it.each([
    [0, 10, '[>                       ] 0 B of 10 B'],
    [5, 10, '[============>           ] 5 B of 10 B'],
    [10, 10, '[========================] 10 B of 10 B'],
    [0, 0, '[========================] 0 B of 0 B'],
    [20, 10, '[========================] 20 B of 10 B'],
  ])('draws %d of %d', (bytes, total, bar) => expect(formatBar(bytes, total)).toBe(bar));
});
