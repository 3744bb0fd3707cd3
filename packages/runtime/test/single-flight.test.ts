import { describe, expect, it } from 'vitest';
import { createSingleFlight } from '../src/index.ts';

describe('createSingleFlight', () => {
  it('lets callers join a run that has not started, not one that has', async () => {
    let runs = 0;
    const singleFlight = createSingleFlight<number>();
    const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
    const started = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
    const run = async () => {
      runs += 1;
      const value = runs;
      started[value]?.resolve();
      await gates[value]?.promise;
      return value;
    };
    const join = () => singleFlight('same', run);
    const first = join();
    const second = [join(), join()];
    expect(runs).toBe(1);
    gates[1]?.resolve();
    expect(await first).toBe(1);
    await started[2]?.promise;
    const third = join();
    gates[2]?.resolve();
    expect(await Promise.all(second)).toEqual([2, 2]);
    await started[3]?.promise;
    gates[3]?.resolve();
    expect(await third).toBe(3);
  });

  it('rejects for all callers that share a failed run, but not for later callers', async () => {
    const singleFlight = createSingleFlight<string>();
    const fail = () => Promise.reject(new Error('no'));
    const failed = [singleFlight('a', fail), singleFlight('a', fail)];
    for (const one of failed) await expect(one).rejects.toThrow('no');
    expect(await singleFlight('a', async () => 'yes')).toBe('yes');
    expect(await Promise.all([singleFlight('a', async () => 'a'), singleFlight('b', async () => 'b')])).toEqual(['a', 'b']);
  });

  it('starts the next run after the time limit of one that hangs', async () => {
    const singleFlight = createSingleFlight<number>(20);
    const gate = Promise.withResolvers<number>();
    const hanging = singleFlight('a', () => gate.promise);
    let runs = 0;
    const run = async () => ++runs;
    expect(await Promise.all([singleFlight('a', run), singleFlight('a', run)])).toEqual([1, 1]);
    gate.resolve(0);
    expect(await hanging).toBe(0);
  });
});
