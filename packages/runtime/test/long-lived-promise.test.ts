import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import { collectGarbage } from '@podman-api/testing/garbage';
import { describe, expect, it } from 'vitest';
import { LongLivedPromise } from '../src/long-lived-promise.ts';

const pending = () => Promise.withResolvers<string>();

describe('LongLivedPromise', () => {
  it('settles like the other promise if that is first', async () => {
    const long = new LongLivedPromise(pending().promise);
    expect(await long.race(Promise.resolve('other'))).toBe('other');
    await expect(long.race(Promise.reject(new Error('other')))).rejects.toThrow('other');
  });

  it('settles all waits when it settles, and later ones at once', async () => {
    const { promise, resolve } = pending();
    const long = new LongLivedPromise(promise);
    const waits = [long.race(pending().promise), long.race(pending().promise)];
    resolve('settled');
    expect(await Promise.all(waits)).toEqual(['settled', 'settled']);
    expect(await long.race(pending().promise)).toBe('settled');
  });

  it('rejects all waits when it rejects, and no rejection is unhandled', async () => {
    const { promise, reject } = pending();
    const long = new LongLivedPromise(promise);
    const waiting = long.race(pending().promise);
    reject(new Error('broken'));
    await expect(waiting).rejects.toThrow('broken');
    await expect(long.race(pending().promise)).rejects.toThrow('broken');
  });

  it('handles a rejection of the other promise after it has settled', async () => {
    const long = new LongLivedPromise(Promise.resolve('settled'));
    await setImmediate();
    const other = Promise.withResolvers<never>();
    expect(await long.race(other.promise)).toBe('settled');
    // Vitest fails a run with an unhandled rejection.
    other.reject(new Error('too late'));
    await setImmediate();
  });

  it("releases the caller's asynchronous context after the wait, unlike Promise.race", async () => {
    const { promise } = pending();
    const long = new LongLivedPromise(promise);
    const context = new AsyncLocalStorage<object>();
    const waitInContext = async (wait: () => Promise<unknown>) => {
      const job = { input: 'x' };
      await context.run(job, wait);
      return new WeakRef(job);
    };
    const keptByRace = await waitInContext(() => Promise.race([promise, Promise.resolve()]));
    const keptByLong = await waitInContext(() => long.race(Promise.resolve()));
    await collectGarbage();
    expect(keptByLong.deref()).toBeUndefined();
    expect(keptByRace.deref()).toBeDefined();
    expect(await Promise.race([promise, 'pending'])).toBe('pending');
  });
});
