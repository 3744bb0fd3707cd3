import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TerminalResizer } from '../../src/interactive/terminal-resizer.ts';

const [small, large] = [
  { cols: 80, rows: 24 },
  { cols: 200, rows: 50 },
];

function createFolder(path: string, isRead = true) {
  const resize = vi.fn(async () => isRead);
  return { path, resize };
}

describe('TerminalResizer', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('sends the last size of each terminal again, once', async () => {
    const resizer = new TerminalResizer();
    const [first, second] = [createFolder('first'), createFolder('second')];
    expect(await resizer.resize(first, small)).toBe(true);
    expect(await resizer.resize(first, large)).toBe(true);
    expect(await resizer.resize(second, small)).toBe(true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(first.resize.mock.calls).toEqual([[small], [large], [large]]);
    expect(second.resize.mock.calls).toEqual([[small], [small]]);
  });

  it('knows a terminal by its path, because each request of a Docker client makes another object', async () => {
    const resizer = new TerminalResizer();
    const [before, after] = [createFolder('same'), createFolder('same')];
    await resizer.resize(before, small);
    await resizer.resize(after, large);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(before.resize.mock.calls).toEqual([[small]]);
    expect(after.resize.mock.calls).toEqual([[large], [large]]);
  });

  it('repeats nothing that conmon did not get', async () => {
    const folder = createFolder('early', false);
    expect(await new TerminalResizer().resize(folder, small)).toBe(false);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(folder.resize).toHaveBeenCalledOnce();
  });
});
