import Joi from 'joi';
import { checkReference } from '../../container/lookup/check-reference.ts';
import { define } from '../../define.ts';
import { nameInPodman, rejectIdle } from '../../pool-containers.ts';
import { boundedList, boundedText } from '../../schemas/bounds.ts';
import { containerName } from '../../schemas/names.ts';
import { type ConnectedContainer, connectedContainer, containerReach } from '../lookup/connection.ts';
import { networkName, requireNetwork } from '../lookup/network.ts';
import { nameRefusals } from '../lookup/network-policy.ts';

interface ConnectInput {
  readonly name: string;
  readonly container: string;
  readonly aliases?: readonly string[];
}

/** Connects a container to a network of its node. */
export const connect = define<ConnectInput, ConnectedContainer>({
  name: 'network.connect',
  method: 'POST',
  path: '/networks/:name/connect',
  reach: containerReach,
  scope: 'containers:write',
  input: Joi.object<ConnectInput>({
    name: networkName().required(),
    container: containerName().required().description("The container's name or id, running or stopped."),
    aliases: boundedList(
      20,
      boundedText(63)
        .pattern(/^[a-zA-Z0-9]([a-zA-Z0-9_.-]*[a-zA-Z0-9])?$/)
        .messages({ 'string.pattern.base': '{{#label}} must be a host name, such as db' }),
    ).description('More names of the container in this network.'),
  }),
  noun: 'network',
  summary: 'Connects a container to a network',
  description: 'Runs on the node of the container, which must have the network too. 409 if it is connected already.',
  results: { 200: connectedContainer('ConnectedContainer') },
  example: {
    input: { name: 'backend', container: 'web', aliases: ['db'] },
    result: { name: 'backend', container: 'web', connected: true, node: 'local' },
  },
  refusals: nameRefusals,
  async run(podman, { name, container, aliases = [] }, context) {
    await requireNetwork(podman, name, context);
    const containerInPodman = await nameInPodman(context, container);
    await checkReference(podman, containerInPodman, true);
    rejectIdle(context, containerInPodman);
    const args = ['network', 'connect', ...aliases.map(alias => `--alias=${alias}`), '--', name, containerInPodman];
    await podman.run(args, { signal: context.signal });
    return { name, container, connected: true, node: context.node };
  },
});
