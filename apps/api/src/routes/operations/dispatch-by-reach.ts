import type { AwaitedCall, DispatchedJob, Dispatcher } from '@podman-api/cluster';
import type { RequestedTask } from '@podman-api/operations';

/** The reach of a task that can run on one node. */
export type SingleNodeReach<Input extends object = object> = Exclude<RequestedTask<Input>['reach'], 'all'>;

/**
 * Runs the job of a call on the node that has the container or the resource of its input. What is new runs on the node that the
 * caller named, or else on one that placement chooses by the input.
 * @param node the node that the caller named, if it did
 * @throws ApiError as the methods of `Dispatcher`
 */
export function dispatchByReach<Input extends object>(
  dispatcher: Pick<Dispatcher, 'runOnNode' | 'runOnContainerNode' | 'runOnResourceNode' | 'runOnChosenNode'>,
  call: AwaitedCall,
  reach: SingleNodeReach<Input>,
  input: Input,
  node: string | undefined,
): Promise<DispatchedJob> {
  if (reach === 'new' || reach === 'nodes')
    return node === undefined ? dispatcher.runOnChosenNode(call, input) : dispatcher.runOnNode(call, node);
  if (reach === 'container') return dispatcher.runOnContainerNode(call, 'name' in input ? String(input.name) : '', node);
  return dispatcher.runOnResourceNode(call, { ...reach, name: reach.nameOf(input) }, node);
}
