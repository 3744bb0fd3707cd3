import { defineCommand } from '../define-command.ts';
import { forEachContainer } from './for-each-container.ts';

export const start = defineCommand({
  positionals: 'NAME…',
  description: 'Starts stopped containers.',
  flags: {},
  run(_values, names, context) {
    const { api, signal, printLine } = context;
    return forEachContainer(names, context, async name => {
      await api.containers.start(name, { signal });
      await printLine(name);
    });
  },
});
