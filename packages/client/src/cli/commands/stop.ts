import { defineCommand } from '../define-command.ts';
import { omitUndefined, parseNumber } from '../parse-flags.ts';
import { forEachContainer } from './for-each-container.ts';

export const stop = defineCommand({
  positionals: 'NAME…',
  description: 'Stops containers.',
  flags: {
    time: { type: 'string', short: 't', value: 'SECONDS', description: 'time between SIGTERM and SIGKILL; default: 10' },
  },
  run({ time }, names, context) {
    const { api, signal, printLine } = context;
    const query = omitUndefined({ timeout: parseNumber(time, 'time') });
    return forEachContainer(names, context, async name => {
      await api.containers.stop(name, query, { signal });
      await printLine(name);
    });
  },
});
