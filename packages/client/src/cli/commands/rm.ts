import { define } from '../command.ts';
import { given } from '../values.ts';
import { eachContainer } from './each-container.ts';

export const rm = define({
  words: 'NAME…',
  about: 'Removes containers.',
  flags: { force: { type: 'boolean', short: 'f', about: 'running ones, too' } },
  run({ force }, names, context) {
    const { api, stopping, printLine } = context;
    return eachContainer(names, context, async name => {
      await api.containers.remove(name, given({ force }), { signal: stopping });
      await printLine(name);
    });
  },
});
