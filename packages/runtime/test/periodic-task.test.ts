import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runPeriodically } from '../src/periodic-task.ts';

/** Longer than any test. */
const longPauseMs = 1_000_000;

describe('runPeriodically', () => {
  it('runs a task now, and again after it has finished or failed', async () => {
    let runs = 0;
    const done = Promise.withResolvers<void>();
    const task = runPeriodically(1, async () => {
      runs += 1;
      if (runs === 3) done.resolve();
      throw new Error('this run failed');
    });
    onTestFinished(task.stop);
    expect(runs).toBe(1);
    await done.promise;
  });

  it('runs a task in the asynchronous context of its creation, also if it was requested in another', async () => {
    const context = new AsyncLocalStorage<string>();
    const contexts: (string | undefined)[] = [];
    const second = Promise.withResolvers<void>();
    const task = runPeriodically(longPauseMs, async () => {
      contexts.push(context.getStore());
      if (contexts.length === 2) second.resolve();
    });
    onTestFinished(task.stop);
    await setImmediate();
    context.run('a job', () => task.runAfter(0));
    await second.promise;
    expect(contexts).toEqual([undefined, undefined]);
  });

  it('never runs a task twice at once, and repeats a run if another was requested meanwhile', async () => {
    const events: string[] = [];
    const firstEnd = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    const task = runPeriodically(longPauseMs, async () => {
      events.push('start');
      if (events.length > 1) return second.resolve();
      await firstEnd.promise;
      events.push('end');
    });
    onTestFinished(task.stop);
    task.runAfter(0);
    expect(events).toEqual(['start']);
    firstEnd.resolve();
    await second.promise;
    expect(events).toEqual(['start', 'end', 'start']);
  });

  it('starts no run after it is stopped', async () => {
    let runs = 0;
    const finished = Promise.withResolvers<void>();
    const task = runPeriodically(0, async () => {
      runs += 1;
      await finished.promise;
    });
    task.stop();
    task.runAfter(0);
    finished.resolve();
    // Node.js runs timers in the order in which they were set, so a planned run would come first.
    await new Promise(resolve => setTimeout(resolve, 1));
    expect(runs).toBe(1);
  });
});
