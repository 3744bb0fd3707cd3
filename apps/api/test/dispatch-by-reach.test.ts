import type { AwaitedCall } from '@podman-api/cluster';
import { findOperation, type RequestedTask } from '@podman-api/operations';
import { describe, expect, it } from 'vitest';
import { dispatchByReach } from '../src/routes/operations/dispatch-by-reach.ts';

/** Runs an operation with a dispatcher that records the method and where the job was to run. */
async function dispatch(name: string, input: object, node?: string) {
  const task: RequestedTask | undefined = findOperation(name);
  if (!task || task.reach === 'all') throw new Error(`there is no operation ${name} on one node`);
  const call: AwaitedCall = { request_id: 'test', token: null, type: task, input, startWait: () => new AbortController().signal };
  const calls: unknown[] = [];
  const record = async (...args: readonly unknown[]) => {
    calls.push(args);
    return { id: 'job', outcome: undefined };
  };
  const dispatcher = {
    runOnNode: (_call: AwaitedCall, named: string) => record('named', named),
    runOnContainerNode: (_call: AwaitedCall, reference: string, requested?: string) => record('container', reference, requested),
    runOnResourceNode: (_call: AwaitedCall, resource: object, requested?: string) => record('resource', resource, requested),
    runOnChosenNode: (_call: AwaitedCall, request: object) => record('chosen', request),
  };
  await dispatchByReach(dispatcher, call, task.reach, input, node);
  return calls;
}

describe('dispatchByReach', () => {
  it('runs on the node of the container', async () => {
    expect(await dispatch('container.exec', { name: 'web' }, 'b')).toEqual([['container', 'web', 'b']]);
  });

  it('runs on a node that has the resource', async () => {
    const resource = expect.objectContaining({ kind: 'image', name: 'app:1' });
    expect(await dispatch('image.export', { reference: 'app:1' })).toEqual([['resource', resource, undefined]]);
  });

  it.each(['container.create', 'image.pull', 'image.build'])('lets placement choose the node for %s', async name => {
    const input = { node_selector: { zone: 'east' } };
    expect(await dispatch(name, input)).toEqual([['chosen', input]]);
  });

  // Images of a Docker client's session are built and loaded on the node of the session.
  it.each(['container.create', 'image.build', 'image.load'])('runs %s on the node that the caller named', async name => {
    expect(await dispatch(name, {}, 'b')).toEqual([['named', 'b']]);
  });
});
