import type { ContainerDetails } from '../../types.ts';
import { defineCommand } from '../define-command.ts';
import { printableJson } from '../printable.ts';
import { forEachName } from './for-each-name.ts';

export const inspect = defineCommand({
  positionals: 'NAME…',
  description: 'Prints details of containers as a JSON list.',
  example: 'podman-api inspect box',
  flags: {},
  async run(_values, names, context) {
    const { api, signal, print } = context;
    const found: ContainerDetails[] = [];
    const code = await forEachName(names, context, { noun: 'container' }, async name => {
      found.push(await api.containers.inspect(name, { signal }));
    });
    await print(printableJson(found));
    return code;
  },
});
