import Joi from 'joi';
import { containerName } from '../../schemas/names.ts';
import { shape, shortIdText } from '../../schemas/shape.ts';
import { shortId } from '../../short-id.ts';
import { defineContainerOperation } from '../define-container-operation.ts';
import { readEntry } from '../lookup/inspect-entry.ts';

interface RenameInput {
  readonly name: string;
  readonly new_name: string;
}

interface RenamedContainer {
  readonly id: string;
  readonly name: string;
}

/** Renames a container. The new name is reserved in the whole fleet first. */
export const rename = defineContainerOperation<RenameInput, RenamedContainer>({
  name: 'container.rename',
  method: 'POST',
  path: '/containers/:name/rename',
  scope: 'containers:write',
  input: Joi.object<RenameInput>({
    name: containerName().required(),
    new_name: containerName().required().description('A name that no other container of the fleet has.'),
  }),
  noun: 'container',
  reservedName: ({ new_name }) => new_name,
  effect: (_input, { id, name }) => ({ renamed: { id, name } }),
  summary: 'Renames a container',
  description: 'The container may be running or stopped, and keeps its id. 409 if another container of the fleet has the new name.',
  results: { 200: shape<RenamedContainer>('RenamedContainer', { id: shortIdText(), name: containerName() }) },
  example: { input: { name: 'web', new_name: 'web-old' }, result: { id: 'ab13f7e2c9d0', name: 'web-old' } },
  async run(podman, { name, new_name: newName }, { signal }) {
    const { Id: id } = await readEntry(podman, name, signal);
    // By the id, because the name may belong to another container meanwhile.
    await podman.run(['rename', '--', id, newName], { signal });
    return { id: shortId(id), name: newName };
  },
});
