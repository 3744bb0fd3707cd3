import { defineCommand } from '../define-command.ts';
import { omitUndefined } from '../parse-flags.ts';
import { forEachContainer } from './for-each-container.ts';

export const rm = defineCommand({
  positionals: 'NAME…',
  description: 'Removes containers.',
  flags: { force: { type: 'boolean', short: 'f', description: 'remove running containers too' } },
  run({ force }, names, context) {
    const { api, signal, printLine } = context;
    return forEachContainer(names, context, async name => {
      await api.containers.remove(name, omitUndefined({ force }), { signal });
      await printLine(name);
    });
  },
});
