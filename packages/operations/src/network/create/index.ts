import Joi from 'joi';
import { define } from '../../define.ts';
import { containerLabels } from '../../schemas/container-labels.ts';
import { labels, nodeName } from '../../schemas/nodes.ts';
import { exampleNetwork, type NetworkDetails, networkDetails, networkName } from '../lookup/network.ts';
import { nameRefusals } from '../lookup/network-policy.ts';
import { gateway, subnet } from './addresses.ts';
import { type CreateNetworkInput, createBridge } from './run.ts';

/**
 * Options of podman's bridge networks. The others choose interfaces and VLANs of the host, which would connect containers with
 * the host's own network.
 */
const options = Joi.object({
  mtu: Joi.number().integer().min(68).max(65_535).description('Largest packet in bytes.'),
  isolate: Joi.boolean().description('Isolates the network from other isolated networks.'),
}).messages({ 'object.base': '{{#label}} must be an object, such as \\{"mtu": 1400}' });

/** Creates a bridge network on a node. */
export const createNetwork = define<CreateNetworkInput, NetworkDetails>({
  name: 'network.create',
  method: 'POST',
  path: '/networks',
  reach: 'new',
  scope: 'containers:write',
  input: Joi.object<CreateNetworkInput>({
    name: networkName().required(),
    driver: Joi.valid('bridge').messages({ 'any.only': '{{#label}} must be bridge, because other drivers join the network of the host' }),
    subnet: subnet(),
    gateway: gateway(),
    internal: Joi.boolean().description(
      'Whether the network is isolated: its containers cannot reach anything outside it. Default: false.',
    ),
    ipv6: Joi.boolean().description('Whether containers get an IPv6 address too. Default: false.'),
    dns_enabled: Joi.boolean().description('Whether containers find one another by name. Default: true.'),
    labels: containerLabels(),
    options,
    node: nodeName().description('The node for the network. Default: chosen by the API.'),
    node_selector: labels().description('Labels that the chosen node must have.'),
  }),
  noun: 'network',
  status: 201,
  summary: 'Creates a network',
  description:
    'On the named node, on one with the labels of `node_selector`, or on the least loaded. 409 if that node has one of this name, 400 for a subnet that the node routes elsewhere.',
  results: { 201: networkDetails },
  example: {
    input: { name: 'backend', subnet: '10.89.0.0/24', labels: { team: 'ci' } },
    result: { ...exampleNetwork, containers: [] },
  },
  refusals: nameRefusals,
  location: ({ name }) => `/networks/${name}`,
  run: (podman, input, context) => createBridge(podman, input, context),
});
