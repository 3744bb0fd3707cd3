import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { FirstExecHistory } from '../../src/early-sessions/first-exec-history.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
});

/** Creates containers of an image, each with a first exec after a delay. @returns for which of them an exec was expected */
function createAndExec(history: FirstExecHistory, count: number, delayMs: number, image = 'box'): boolean[] {
  return Array.from({ length: count }, (_, index) => {
    const isExpected = history.recordStart(`${image}-${index}`, image);
    vi.advanceTimersByTime(delayMs);
    history.recordExec(`${image}-${index}`);
    return isExpected;
  });
}

describe('FirstExecHistory', () => {
  it('expects an exec after three containers of the image had one soon, and for no other image', () => {
    const history = new FirstExecHistory();
    expect(createAndExec(history, 4, 300)).toEqual([false, false, false, true]);
    expect(history.recordStart('x', 'other')).toBe(false);
  });

  it.each([
    ['follows at once, which a session would not make faster', 50],
    ['follows after more than ten seconds', 11_000],
  ])('expects none for an image whose first exec %s', (_case, delayMs) => {
    expect(createAndExec(new FirstExecHistory(), 8, delayMs)).not.toContain(true);
  });

  it('expects none any more after three containers without an exec', () => {
    const history = new FirstExecHistory();
    createAndExec(history, 20, 300);
    const expected = Array.from({ length: 5 }, (_, index) => {
      vi.advanceTimersByTime(11_000);
      return history.recordStart(`unused-${index}`, 'box');
    });
    expect(expected).toEqual([true, true, true, false, false]);
  });

  it('expects execs for an image whose containers have several at once, which one session runs all', () => {
    const history = new FirstExecHistory();
    const expected = Array.from({ length: 4 }, (_, index) => {
      const isExpected = history.recordStart(`box-${index}`, 'box');
      for (let exec = 0; exec < 3; exec += 1) history.recordExec(`box-${index}`);
      return isExpected;
    });
    expect(expected).toEqual([false, false, false, true]);
  });

  it('counts the first exec of a container only', () => {
    const history = new FirstExecHistory();
    history.recordStart('a', 'box');
    vi.advanceTimersByTime(300);
    for (let index = 0; index < 10; index += 1) history.recordExec('a');
    expect(history.recordStart('b', 'box')).toBe(false);
  });
});
