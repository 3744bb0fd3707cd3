import { describe, expect, it } from 'vitest';
import { subscribeToContainer } from '../src/container/following/subscribe-to-container.ts';
import type { ContainerEvent, ContainerListener, ContainerState } from '../src/container-feed.ts';

const id = '0123456789ab';
const fullId = id.padEnd(64, '0');
const running: ContainerState = { status: 'running', exitCode: null };

/** Subscribes to a feed that a test fills. */
function subscribe() {
  const listeners = new Set<ContainerListener>();
  const calls: unknown[] = [];
  const feed = {
    subscribe(listener: ContainerListener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const subscription = subscribeToContainer(feed, 'send the request again');
  const [listener] = listeners;
  return {
    subscription,
    listener,
    listeners,
    calls,
    send: (event: Partial<ContainerEvent>) => listener?.onEvent?.({ id, status: 'died', timeMs: Date.now(), exitCode: null, ...event }),
    follow: () =>
      subscription.follow(fullId, {
        onEvent: ({ status }, isOld) => void calls.push(isOld ? `old ${status}` : status),
        onState: state => void calls.push(state),
        onStop: ({ status, message }) => void calls.push(`${status}: ${message}`),
      }),
  };
}

describe('subscribeToContainer', () => {
  it('passes on the events of the container since the subscription, and which are repeated', () => {
    const { send, follow, calls } = subscribe();
    send({ status: 'start' });
    send({ id: 'ffffffffffff' });
    send({ status: 'unpause', timeMs: 1 });
    expect(calls).toEqual([]);
    follow();
    send({ status: 'died' });
    expect(calls).toEqual(['start', 'old unpause', 'died']);
  });

  it('passes on the state in lists that began after the subscription', () => {
    const { listener, follow, calls } = subscribe();
    follow();
    listener?.onList?.(new Map([[id, { status: 'exited', exitCode: 1 }]]), 1);
    listener?.onList?.(new Map([[id, running]]), Date.now());
    listener?.onList?.(new Map(), Date.now());
    expect(calls).toEqual([running, undefined]);
  });

  it('reports that the worker shuts down, also if it did so before the container was found', () => {
    const { listener, follow, calls } = subscribe();
    listener?.onStop?.();
    follow();
    expect(calls).toEqual(["503: The node's worker is shutting down: send the request again."]);
  });

  it('ends', () => {
    const { subscription, listeners } = subscribe();
    subscription.end();
    expect(listeners.size).toBe(0);
  });
});
