import { define } from '../command.ts';
import { given, numberOf } from '../values.ts';
import { eachContainer } from './each-container.ts';

export const stop = define({
  words: 'NAME…',
  about: 'Stops containers.',
  flags: {
    time: { type: 'string', short: 't', value: 'SECONDS', about: 'from SIGTERM to SIGKILL; 10, unless given' },
  },
  run({ time }, names, context) {
    const { api, stopping, printLine } = context;
    const query = given({ timeout: numberOf(time, 'time') });
    return eachContainer(names, context, async name => {
      await api.containers.stop(name, query, { signal: stopping });
      await printLine(name);
    });
  },
});
