import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { endProcess } from '../../src/process/end-process.ts';

/** Creates a podman process that records its signals, and ends after a number of calls of `stop`. */
function createProcess(stopsUntilEnd: number) {
  const ended = new AbortController();
  const signals: NodeJS.Signals[] = [];
  let stops = 0;
  return {
    running: { kill: (name: NodeJS.Signals) => signals.push(name) > 0, ended: ended.signal },
    signals,
    endPodman: () => ended.abort(),
    async stop() {
      stops += 1;
      if (stops >= stopsUntilEnd) setImmediate(() => ended.abort());
      return false;
    },
  };
}

describe('endProcess', () => {
  it('sends no signal to a podman that ends by itself once its command is gone', async () => {
    const { running, signals, stop } = createProcess(1);
    await endProcess(running, stop);
    expect(signals).toEqual([]);
  });

  it.each([
    [[false, false], false],
    [[true, false], true],
    [[false, true], true],
  ])('returns whether a call of stop has ended a process: %j', async (answers, expected) => {
    const { running, stop } = createProcess(answers.length);
    const rest = [...answers];
    const stopAndAnswer = async () => {
      await stop();
      return rest.shift() ?? false;
    };
    expect(await endProcess(running, stopAndAnswer)).toBe(expected);
  });

  it.each([6, 300])('gives podman its time to end after a command that took %d s to end', async seconds => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const { running, signals, stop } = createProcess(4);
    await endProcess(running, async () => {
      vi.advanceTimersByTime(seconds * 1000);
      return stop();
    });
    expect(signals).toEqual([]);
  });

  it('ends podman by SIGTERM, and searches the container once more, if it does not end by itself', async () => {
    const { running, signals, endPodman } = createProcess(Number.POSITIVE_INFINITY);
    const events: string[] = [];
    const kill = (name: NodeJS.Signals) => {
      events.push(name);
      endPodman();
      return running.kill(name);
    };
    const stop = async () => {
      events.push('stop');
      return false;
    };
    expect(await endProcess({ ...running, kill }, stop)).toBe(true);
    expect(signals).toEqual(['SIGTERM']);
    expect(events.slice(-3)).toEqual(['stop', 'SIGTERM', 'stop']);
  });

  it('kills podman and fails if the command cannot be ended', async () => {
    const { running, signals } = createProcess(Number.POSITIVE_INFINITY);
    const failed = endProcess(running, () => Promise.reject(new Error('processes do not end')));
    await expect(failed).rejects.toMatchObject({ outcome: 'unknown' });
    expect(signals).toEqual(['SIGKILL']);
  });
});
