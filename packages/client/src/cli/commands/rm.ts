import { define } from '../command.ts';
import { codeOf, lineOf, UsageError } from '../failure.ts';
import { given } from '../values.ts';

export const rm = define({
  words: 'NAME…',
  about: 'Removes containers.',
  flags: { force: { type: 'boolean', short: 'f', about: 'running ones, too' } },
  async run({ force }, names, { api, stopping, write, tell }) {
    if (names.length === 0) throw new UsageError('The name of a container is wanted.');
    let code = 0;
    for (const name of names) {
      try {
        await api.containers.remove(name, given({ force }), { signal: stopping });
        await write('stdout', `${name}\n`);
      } catch (error) {
        stopping.throwIfAborted();
        tell(lineOf(error));
        code = codeOf(error);
      }
    }
    return code;
  },
});
