import type { Podman } from '@podman-api/podman';
import Joi from 'joi';
import { define } from '../operation.ts';
import { containerName } from '../schemas/names.ts';
import { type ContainerDetails, detailsOf } from './inspect/details.ts';
import type { InspectEntry } from './inspect/entry.ts';

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
  async run(podman, { name }, { node, signal }) {
    return detailsOf(await readEntry(podman, name, signal), node);
  },
});

/** @throws ApiError (404) where there is no such container */
export async function readEntry(podman: Podman, name: string, signal: AbortSignal): Promise<InspectEntry> {
  const [entry]: InspectEntry[] = JSON.parse(await podman.run(['container', 'inspect', '--', name], { signal }));
  if (!entry) throw new Error('podman container inspect gave an empty list');
  return entry;
}
