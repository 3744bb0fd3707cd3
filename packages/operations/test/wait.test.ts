import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { wait } from '../src/container/wait/index.ts';
import type { WaitCondition } from '../src/container/wait/input.ts';
import type { ContainerEvent, ContainerListener } from '../src/index.ts';
import { context, recordingPodman } from './recording-podman.ts';

const id = '0123456789ab';
const listed = (State: string, ExitCode = 0) =>
  JSON.stringify({ Id: id.padEnd(64, '0'), Names: ['web'], State, Exited: State === 'exited', ExitCode, Ports: null });

/** Starts a wait for the container `web` in a state; resolves when it has subscribed and, unless podman is slow, read the state. */
async function start(condition: WaitCondition, state: string) {
  const controller = new AbortController();
  const listeners = new Set<ContainerListener>();
  const subscribe = (listener: ContainerListener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const podman = recordingPodman({ shared: state });
  const result = wait.run(podman, { name: 'web', condition }, { ...context, signal: controller.signal, containers: { subscribe } });
  result.catch(() => {});
  await setImmediate();
  const send = (event: Partial<ContainerEvent>) => {
    for (const listener of listeners) listener.onEvent?.({ id, status: 'died', timeMs: Date.now(), exitCode: null, ...event });
  };
  return { result, send, listeners, controller, podman };
}

describe('container.wait', () => {
  it.each([
    ['stopped', listed('exited', 3), 3],
    ['stopped', listed('exited', -1), null],
    ['stopped', listed('created'), null],
    ['running', listed('running'), null],
  ] as const)('returns at once if the condition %s holds already', async (condition, state, exit_code) => {
    const { result, listeners } = await start(condition, state);
    expect(await result).toEqual({ id, name: 'web', condition, exit_code });
    expect(listeners.size).toBe(0);
  });

  it('waits for the exit code that podman writes after the container has stopped', async () => {
    const states = [listed('stopped'), listed('exited', 3)];
    const shared = async () => states.shift() ?? listed('exited', 3);
    const containers = { subscribe: () => () => {} };
    const podman = { ...recordingPodman({}), shared };
    expect((await wait.run(podman, { name: 'web', condition: 'stopped' }, { ...context, containers })).exit_code).toBe(3);
  });

  it('returns the exit code of the event with which the container ends, with one run of podman for the wait', async () => {
    const { result, send, podman } = await start('stopped', listed('running'));
    send({ id: 'ffffffffffff', exitCode: 1 });
    send({ status: 'exec_died', exitCode: null });
    send({ exitCode: 7 });
    expect((await result).exit_code).toBe(7);
    expect(podman.calls.length).toBe(1);
  });

  it('ignores an event from before the wait, which podman has repeated', async () => {
    const { result, send, listeners } = await start('stopped', listed('running'));
    send({ exitCode: 1, timeMs: 1 });
    const [listener] = listeners;
    listener?.onList?.(new Map([[id, { status: 'exited', exitCode: 1 }]]), 1);
    send({ exitCode: 2 });
    expect((await result).exit_code).toBe(2);
  });

  it('finds an end without an event in the next list', async () => {
    const { result, listeners } = await start('stopped', listed('running'));
    for (const listener of listeners) listener.onList?.(new Map([[id, { status: 'exited', exitCode: 9 }]]), Date.now());
    expect((await result).exit_code).toBe(9);
  });

  it('returns 404 when the container is removed, by an event or by a list', async () => {
    const [first, second] = [await start('running', listed('exited')), await start('running', listed('exited'))];
    first.send({ status: 'remove' });
    for (const listener of second.listeners) listener.onList?.(new Map(), Date.now());
    for (const { result } of [first, second]) await expect(result).rejects.toMatchObject({ status: 404 });
  });

  it('returns 503 when the worker shuts down, and the reason of its job’s end', async () => {
    const [first, second] = [await start('running', listed('exited')), await start('running', listed('exited'))];
    for (const listener of first.listeners) listener.onStop?.();
    second.controller.abort(new Error('cancelled'));
    await expect(first.result).rejects.toMatchObject({ status: 503 });
    await expect(second.result).rejects.toThrow('cancelled');
    expect([first.listeners.size, second.listeners.size]).toEqual([0, 0]);
  });

  it('returns 404 for a container that does not exist', async () => {
    await expect((await start('stopped', '')).result).rejects.toMatchObject({ status: 404 });
  });
});
