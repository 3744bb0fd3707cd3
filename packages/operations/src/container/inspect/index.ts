import Joi from 'joi';
import { containerName } from '../../schemas/names.ts';
import { shortId } from '../../short-id.ts';
import { defineContainerOperation } from '../define-container-operation.ts';
import { readImageTtls } from '../expiry/image-ttl.ts';
import { readEntry } from '../lookup/inspect-entry.ts';
import { toDetails } from './details.ts';
import { type ContainerDetails, containerDetails, exampleDetails } from './result.ts';

interface InspectContainerInput {
  readonly name: string;
}

/** Returns the details of a container. */
export const inspect = defineContainerOperation<InspectContainerInput, ContainerDetails>({
  name: 'container.inspect',
  method: 'GET',
  path: '/containers/:name',
  scope: 'containers:read',
  input: Joi.object<InspectContainerInput>({ name: containerName().required() }),
  lane: 'reads',
  isRepeatable: true,
  noun: 'container',
  summary: 'Returns details of a container',
  description: 'Values of environment variables are masked.',
  results: { 200: containerDetails },
  example: { input: { name: 'web' }, result: exampleDetails },
  async run(podman, { name }, { node, pools, renewals, signal }) {
    const entry = await readEntry(podman, name, signal);
    const claim = pools.get(shortId(entry.Id));
    const imageTtls = await readImageTtls(podman, [{ imageId: entry.Image, labels: entry.Config.Labels }]);
    return toDetails(entry, node, renewals, imageTtls.get(entry.Image), claim);
  },
});
