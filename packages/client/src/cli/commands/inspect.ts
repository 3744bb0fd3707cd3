import type { ContainerDetails } from '../../types.ts';
import { defineCommand } from '../define-command.ts';
import { printableJson } from '../printable.ts';
import { forEachContainer } from './for-each-container.ts';

export const inspect = defineCommand({
  positionals: 'NAME…',
  description: 'Prints details of containers as a JSON list.',
  flags: {},
  async run(_values, names, context) {
    const { api, signal, print } = context;
    const found: ContainerDetails[] = [];
    const code = await forEachContainer(names, context, async name => {
      found.push(await api.containers.inspect(name, { signal }));
    });
    await print(printableJson(found));
    return code;
  },
});
