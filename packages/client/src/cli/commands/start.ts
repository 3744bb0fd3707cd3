import { define } from '../command.ts';
import { eachContainer } from './each-container.ts';

export const start = define({
  words: 'NAME…',
  about: 'Starts containers that have stopped.',
  flags: {},
  run(_values, names, context) {
    const { api, stopping, printLine } = context;
    return eachContainer(names, context, async name => {
      await api.containers.start(name, { signal: stopping });
      await printLine(name);
    });
  },
});
