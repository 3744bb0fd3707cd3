import type { Podman } from '@podman-api/podman';
import Joi from 'joi';
import { define } from '../operation.ts';
import { containerName } from '../schemas/names.ts';
import { readImageTtls } from './expiry/image-ttl.ts';
import { type ContainerDetails, detailsOf } from './inspect/details.ts';
import type { InspectEntry } from './inspect/entry.ts';
import { containerDetails, exampleDetails } from './inspect/shape.ts';

interface InspectInput {
  readonly name: string;
}

/** Tells all that one wants to know of a container. */
export const inspect = define<InspectInput, ContainerDetails>({
  name: 'container.inspect',
  method: 'GET',
  path: '/containers/:name',
  scope: 'containers:read',
  input: Joi.object<InspectInput>({ name: containerName().required() }),
  lane: 'reads',
  repeatable: true,
  noun: 'container',
  summary: 'Tells all about a container',
  description: 'Values of its environment are masked.',
  results: { 200: containerDetails },
  example: { input: { name: 'web' }, result: exampleDetails },
  async run(podman, { name }, { node, renewals, signal }) {
    const entry = await readEntry(podman, name, signal);
    const imageTtls = await readImageTtls(podman, [{ imageId: entry.Image, labels: entry.Config.Labels }]);
    return detailsOf(entry, node, renewals, imageTtls.get(entry.Image));
  },
});

/** @throws ApiError (404) where there is no such container */
export async function readEntry(podman: Podman, name: string, signal: AbortSignal): Promise<InspectEntry> {
  const [entry]: InspectEntry[] = JSON.parse(await podman.run(['container', 'inspect', '--', name], { signal }));
  if (!entry) throw new Error('podman container inspect gave an empty list');
  return entry;
}
