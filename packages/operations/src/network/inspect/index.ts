import Joi from 'joi';
import { define } from '../../define.ts';
import { exampleNetwork, type NetworkDetails, networkDetails, networkName, networkReach, readNetwork } from '../lookup/network.ts';

/** Inspects a network. */
export const inspectNetwork = define<{ readonly name: string }, NetworkDetails>({
  name: 'network.inspect',
  method: 'GET',
  path: '/networks/:name',
  reach: networkReach,
  scope: 'containers:read',
  input: Joi.object({ name: networkName().required() }),
  lane: 'reads',
  isRepeatable: true,
  noun: 'network',
  summary: 'Inspects a network',
  results: { 200: networkDetails },
  example: { input: { name: 'backend' }, result: { ...exampleNetwork, in_use: true, containers: ['web'] } },
  run: (podman, { name }, context) => readNetwork(podman, name, context),
});
