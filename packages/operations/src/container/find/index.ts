import Joi from 'joi';
import { defineTask } from '../../define.ts';
import { containerName } from '../../schemas/names.ts';
import { shortId } from '../../short-id.ts';
import { readContainers, withClaims } from '../lookup/ps.ts';

interface FindInput {
  /** A name, or the beginning of an id. */
  readonly name: string;
}

/** A container that a name or an id may refer to. */
export interface FoundReference {
  readonly id: string;
  readonly name: string;
}

/** Finds the containers of a node that a name or an id may refer to. The API runs it if it does not know a container's node. */
export const find = defineTask<FindInput, readonly FoundReference[]>({
  name: 'container.find',
  input: Joi.object<FindInput>({ name: containerName().required() }),
  lane: 'reads',
  isRepeatable: true,
  async run(podman, { name }, { pools }) {
    const entries = withClaims(await readContainers(podman), pools);
    const named = entries.filter(({ Names }) => Names.includes(name));
    const matching = named.length > 0 ? named : entries.filter(({ Id }) => Id.startsWith(name));
    return matching.map(({ Id, Names }) => ({ id: shortId(Id), name: Names[0] ?? '' }));
  },
});
