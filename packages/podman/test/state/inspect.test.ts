import { describe, expect, it } from 'vitest';
import type { RunToString } from '../../src/capture/capture-stdout.ts';
import { createInspect } from '../../src/state/inspect.ts';

const noService = async () => undefined;

describe('createInspect', () => {
  it('runs podman twice for a hundred concurrent callers, none of which gets an answer older than its call', async () => {
    let runs = 0;
    const run: RunToString = async () => {
      runs += 1;
      return JSON.stringify([{ Id: `answer ${runs}` }]);
    };
    const inspect = createInspect(noService, run);
    const answers = await Promise.all(Array.from({ length: 100 }, () => inspect('web')));
    expect(runs).toBe(2);
    expect(answers).toEqual(['{"Id":"answer 1"}', ...Array.from({ length: 99 }, () => '{"Id":"answer 2"}')]);
  });

  it('stops waiting when the signal of a caller is aborted, and serves the others', async () => {
    const gate = Promise.withResolvers<string>();
    const inspect = createInspect(noService, () => gate.promise);
    const canceller = new AbortController();
    const cancelled = inspect('web', { signal: canceller.signal });
    canceller.abort(new Error('cancelled'));
    await expect(cancelled).rejects.toThrow('cancelled');
    const other = inspect('web');
    gate.resolve('[{"Id":"a"}]');
    expect(await other).toBe('{"Id":"a"}');
  });
});
