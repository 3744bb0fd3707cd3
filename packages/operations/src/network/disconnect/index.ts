import Joi from 'joi';
import { checkReference } from '../../container/lookup/check-reference.ts';
import { define } from '../../define.ts';
import { nameInPodman, rejectIdle } from '../../pool-containers.ts';
import { containerName } from '../../schemas/names.ts';
import { type ConnectedContainer, connectedContainer, containerReach } from '../lookup/connection.ts';
import { networkName, requireNetwork } from '../lookup/network.ts';
import { nameRefusals } from '../lookup/network-policy.ts';

interface DisconnectInput {
  readonly name: string;
  readonly container: string;
  readonly force?: boolean;
}

/** Disconnects a container from a network of its node. */
export const disconnect = define<DisconnectInput, ConnectedContainer>({
  name: 'network.disconnect',
  method: 'POST',
  path: '/networks/:name/disconnect',
  reach: containerReach,
  scope: 'containers:write',
  input: Joi.object<DisconnectInput>({
    name: networkName().required(),
    container: containerName().required().description("The container's name or id, running or stopped."),
    force: Joi.boolean().description("Podman's `--force`. Default: false."),
  }),
  noun: 'network',
  summary: 'Disconnects a container from a network',
  description: 'Runs on the node of the container. 409 if it is not connected.',
  results: { 200: connectedContainer('DisconnectedContainer') },
  example: { input: { name: 'backend', container: 'web' }, result: { name: 'backend', container: 'web', connected: false, node: 'local' } },
  refusals: nameRefusals,
  async run(podman, { name, container, force = false }, context) {
    await requireNetwork(podman, name, context);
    const containerInPodman = await nameInPodman(context, container);
    await checkReference(podman, containerInPodman, true);
    rejectIdle(context, containerInPodman);
    await podman.run(['network', 'disconnect', ...(force ? ['--force'] : []), '--', name, containerInPodman], { signal: context.signal });
    return { name, container, connected: false, node: context.node };
  },
});
