import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AnswerTimeout } from '../src/answer-timeout.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Creates commands that are watched with a timeout of 1000 ms. */
function createCommands() {
  const outcomes: string[] = [];
  const timeout = new AnswerTimeout(1000, () => outcomes.push('silence'));
  const send = (name: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    promise.then(
      () => outcomes.push(`${name} answered`),
      (error: Error) => outcomes.push(`${name}: ${error.message}`),
    );
    const command = { promise, reject };
    timeout.watch(command);
    return { answer: resolve, sendAgain: () => timeout.watch(command), hasFailed: () => timeout.hasFailed(command) };
  };
  return { send, outcomes };
}

describe('AnswerTimeout', () => {
  it('fails all commands that wait once nothing was answered for its time', async () => {
    const { send, outcomes } = createCommands();
    send('first');
    send('second');
    await vi.advanceTimersByTimeAsync(900);
    expect(outcomes).toEqual([]);
    await vi.advanceTimersByTimeAsync(300);
    expect(outcomes).toEqual(['first: Command timed out', 'second: Command timed out']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('lets a command wait for longer while Redis answers those before it', async () => {
    const { send, outcomes } = createCommands();
    const [first, second, last] = [send('first'), send('second'), send('last')];
    await vi.advanceTimersByTimeAsync(800);
    first.answer();
    await vi.advanceTimersByTimeAsync(800);
    second.answer();
    last.sendAgain();
    await vi.advanceTimersByTimeAsync(800);
    last.answer();
    await vi.advanceTimersByTimeAsync(5000);
    expect(outcomes).toEqual(['first answered', 'second answered', 'last answered']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('counts the time from the sending of a command if the last answer is older', async () => {
    const { send, outcomes } = createCommands();
    send('first').answer();
    await vi.advanceTimersByTimeAsync(5000);
    send('second');
    await vi.advanceTimersByTimeAsync(900);
    expect(outcomes).toEqual(['first answered']);
    await vi.advanceTimersByTimeAsync(300);
    expect(outcomes).toEqual(['first answered', 'second: Command timed out']);
  });

  it('reports silence after twice its time without an answer, also if the commands that wait are new ones', async () => {
    const { send, outcomes } = createCommands();
    const first = send('first');
    await vi.advanceTimersByTimeAsync(1100);
    expect(first.hasFailed()).toBe(true);
    send('second');
    await vi.advanceTimersByTimeAsync(900);
    expect(outcomes).toEqual(['first: Command timed out']);
    await vi.advanceTimersByTimeAsync(100);
    expect(outcomes).toEqual(['first: Command timed out', 'silence']);
  });

  it('reports no silence if an answer comes between two timeouts', async () => {
    const { send, outcomes } = createCommands();
    send('first');
    await vi.advanceTimersByTimeAsync(1100);
    send('second').answer();
    send('third');
    await vi.advanceTimersByTimeAsync(1100);
    expect(outcomes).toEqual(['first: Command timed out', 'second answered', 'third: Command timed out']);
  });
});
