import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type EventLoopMonitor, monitorEventLoop, withActiveTimeout } from '../src/event-loop.ts';

/** Blocks the event loop, as if the process got no CPU time. */
function block(durationMs: number): void {
  const end = performance.now() + durationMs;
  while (performance.now() < end);
}

describe('monitorEventLoop', () => {
  let monitor: EventLoopMonitor | undefined;
  afterEach(() => monitor?.stop());

  it('reports a delay that is still going on', () => {
    monitor = monitorEventLoop();
    block(700);
    expect(monitor.maxDelayMs()).toBeGreaterThanOrEqual(400);
  });

  it('reports a delay that is over', async () => {
    monitor = monitorEventLoop();
    block(700);
    await delay(1);
    expect(monitor.maxDelayMs()).toBeGreaterThanOrEqual(400);
  });
});

describe('withActiveTimeout', () => {
  const timeout = () => new Error('timed out');

  it('gives the result of the promise', async () => {
    expect(await withActiveTimeout(Promise.resolve(7), 60_000, timeout)).toBe(7);
  });

  it('rejects as the promise does', async () => {
    await expect(withActiveTimeout(Promise.reject(new Error('its own')), 60_000, timeout)).rejects.toThrow('its own');
  });

  it('rejects when the promise stays pending', async () => {
    await expect(withActiveTimeout(new Promise(() => {}), 20, timeout)).rejects.toThrow('timed out');
  });

  it('does not count time in which the event loop was blocked', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const result = withActiveTimeout(promise, 500, timeout);
    block(1000);
    // The answer arrived long ago, but Node.js runs the due timers before it reads the answer.
    setImmediate(() => resolve('answer'));
    expect(await result).toBe('answer');
  });
});
