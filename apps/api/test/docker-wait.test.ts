import type { FleetEvent } from '@podman-api/cluster';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { awaitExit, type ExitWait, type WaitState } from '../src/docker/containers/await-exit.ts';

const id = 'a'.repeat(64);
const startedAtMs = Date.parse('2026-01-05T09:30:00Z');
const created: WaitState = { id, isRunning: false, finishedAt: '0001-01-01T00:00:00Z', changedAtMs: -1, exitCode: undefined };
const running: WaitState = { ...created, isRunning: true, changedAtMs: startedAtMs };
const exited: WaitState = { ...created, finishedAt: '2026-01-05T09:30:01Z', changedAtMs: startedAtMs + 1000, exitCode: 5 };

const eventOf = (action: string, exit_code: number | null = null): FleetEvent => ({
  type: 'container',
  action,
  full_id: id,
  health: null,
  node: 'a',
  resource_id: id.slice(0, 12),
  name: 'web',
  image: null,
  exit_code,
  time: '2026-01-05T09:30:05Z',
});
const gap: FleetEvent = { type: 'gap', reason: 'missed', node: 'a', time: '2026-01-05T09:30:05Z' };
const died = (code: number | null) => eventOf('died', code);

interface Wait extends Partial<Pick<ExitWait, 'condition' | 'before'>> {
  readonly events: readonly FleetEvent[];
  /** What an inspection finds. */
  readonly found?: WaitState;
}

/** Waits with events after which no more arrives. @returns the exit code, or the error's message */
async function waitWith({ condition = 'removed', before = created, events, found }: Wait): Promise<number | string> {
  vi.useFakeTimers();
  async function* read() {
    for (const event of events) yield { event };
    await new Promise(() => {});
  }
  const { signal } = new AbortController();
  const ended = awaitExit({ condition, before, events: read(), signal, inspect: async () => found }).catch((error: Error) => error.message);
  await vi.advanceTimersByTimeAsync(60_000);
  return ended;
}

const notObserved = 'The container was removed before its exit code was observed.';

describe('awaitExit', () => {
  afterEach(() => void vi.useRealTimers());

  it.each(['removed', 'next-exit'] as const)(
    'returns the code of an event that arrives after a gap and the removal: %s',
    async condition => {
      expect(await waitWith({ condition, events: [gap, died(3)] })).toBe(3);
    },
  );

  it.each(['removed', 'next-exit', 'not-running'] as const)(
    'fails if the removal is found, and no exit code arrives: %s',
    async condition => {
      expect(await waitWith({ condition, before: running, events: [] })).toBe(notObserved);
      expect(await waitWith({ condition, before: running, events: [gap] })).toBe(notObserved);
    },
  );

  it('fails if a container that was started is removed without an exit code', async () => {
    expect(await waitWith({ events: [eventOf('start'), eventOf('remove')] })).toBe(notObserved);
    expect(await waitWith({ before: running, events: [eventOf('remove')] })).toBe(notObserved);
    expect(await waitWith({ before: exited, events: [eventOf('start'), eventOf('remove')] })).toBe(notObserved);
  });

  it('fails if the container was stopping when it was last inspected', async () => {
    expect(await waitWith({ events: [gap, eventOf('remove')], found: { ...running, isRunning: false } })).toBe(notObserved);
  });

  it('returns 0 for a container that is removed without having been started', async () => {
    expect(await waitWith({ events: [eventOf('remove')] })).toBe(0);
    expect(await waitWith({ events: [gap, eventOf('remove')], found: created })).toBe(0);
  });

  it('returns the code that was observed before the removal', async () => {
    expect(await waitWith({ events: [eventOf('start'), died(3), eventOf('remove')] })).toBe(3);
    expect(await waitWith({ events: [eventOf('start'), died(3), gap] })).toBe(3);
    expect(await waitWith({ before: exited, events: [eventOf('remove')] })).toBe(5);
    expect(await waitWith({ before: exited, events: [] })).toBe(5);
    expect(await waitWith({ events: [gap, eventOf('remove')], found: exited })).toBe(5);
  });

  it('inspects a container whose end was reported without an exit code', async () => {
    expect(await waitWith({ condition: 'next-exit', events: [eventOf('start'), died(null)], found: exited })).toBe(5);
  });

  it('waits for the next exit of a container that has ended already', async () => {
    expect(await waitWith({ condition: 'not-running', before: exited, events: [] })).toBe(5);
    expect(await waitWith({ condition: 'next-exit', before: exited, events: [gap, died(3)], found: exited })).toBe(3);
  });
});
