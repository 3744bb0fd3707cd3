import { defineCommand } from '../define-command.ts';
import { omitUndefined } from '../parse-flags.ts';
import { forEachName } from './for-each-name.ts';

export const rm = defineCommand({
  positionals: 'NAME…',
  description: 'Removes containers.',
  example: 'podman-api rm --force box',
  flags: { force: { type: 'boolean', short: 'f', description: 'remove running containers too' } },
  run({ force }, names, context) {
    const { api, signal, printLine } = context;
    return forEachName(names, context, { noun: 'container', verb: 'removing' }, async name => {
      await api.containers.remove(name, omitUndefined({ force }), { signal });
      await printLine(name);
    });
  },
});
