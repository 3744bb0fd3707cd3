import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Node } from '../src/heartbeats/node.ts';
import { createPlacement } from '../src/placement/placement.ts';

const node = (name: string, changes: Partial<Node> = {}): Node => ({
  name,
  status: 'ready',
  podman: 'connected',
  podman_version: '5.4.2',
  labels: {},
  arch: 'x64',
  cpus: 2,
  memory: 2 ** 30,
  workers: 1,
  max_workers: 10,
  running: 0,
  containers: 0,
  last_seen: '2026-01-05T09:00:00.000Z',
  ...changes,
});
const placementOn = (...nodes: readonly Node[]) => createPlacement({ nodes: new Map(nodes.map(one => [one.name, one])), workers: [] });

describe('placement', () => {
  it('chooses the node with the lowest load for its number of workers', () => {
    expect(placementOn(node('a', { containers: 4 }), node('b', { containers: 3 })).choose({}).node).toBe('b');
    expect(placementOn(node('a', { containers: 4, max_workers: 20 }), node('b', { containers: 3 })).choose({}).node).toBe('a');
    expect(placementOn(node('a', { running: 4 }), node('b', { containers: 3 })).choose({}).node).toBe('b');
  });

  it('spreads containers that the nodes have not reported yet', () => {
    const placement = placementOn(node('a'), node('b'), node('c'));
    const chosen = Array.from({ length: 6 }, () => placement.choose({}).node);
    expect(chosen.toSorted()).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
  });

  it('counts a container as placed however long its create takes', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const placement = placementOn(node('a'), node('b', { containers: 1 }));
    const first = placement.choose({});
    expect(first.node).toBe('a');
    placement.choose({});
    vi.advanceTimersByTime(60_000);
    expect(placement.choose({}).node).toBe('b');
    first.markFinished();
    vi.advanceTimersByTime(60_000);
    expect(placement.choose({}).node).toBe('a');
  });

  it('chooses only ready nodes with a working podman and matching labels', () => {
    const nodes = [
      node('offline', { status: 'offline', labels: { zone: 'x' } }),
      node('draining', { status: 'draining', labels: { zone: 'x' } }),
      node('broken', { podman: 'disconnected', labels: { zone: 'x' } }),
      node('elsewhere'),
      node('right', { containers: 99, labels: { zone: 'x' } }),
    ];
    expect(placementOn(...nodes).choose({ node_selector: { zone: 'x' } }).node).toBe('right');
    expect(() => placementOn(...nodes).choose({ node_selector: { zone: 'y' } })).toThrow(/No ready node matches node_selector zone=y/);
  });

  it('returns the node that the caller names, or an error that says why it cannot be used', () => {
    const nodes = [node('a'), node('b', { containers: 99 }), node('down', { status: 'offline' }), node('full', { status: 'draining' })];
    const placement = placementOn(...nodes);
    expect(placement.choose({ node: 'b' }).node).toBe('b');
    expect(() => placement.choose({ node: 'x' })).toThrow(/There is no node x/);
    expect(() => placement.choose({ node: 'down' })).toThrow(/No worker is alive on the node down/);
    expect(() => placement.choose({ node: 'full' })).toThrow(/The node full is draining and accepts no new containers/);
  });

  it('reports that there is no node yet, or that the only one is offline', () => {
    expect(() => placementOn().choose({})).toThrow(/There is no node yet/);
    expect(() => placementOn(node('a', { status: 'offline' })).choose({})).toThrow(/No worker is alive on the node a/);
  });
});
