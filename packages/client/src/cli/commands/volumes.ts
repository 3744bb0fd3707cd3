import type { VolumeDetails } from '../../types.ts';
import { type CommandGroup, defineCommand } from '../define-command.ts';
import { parseListFormat, printList, warnUnreachable } from '../list-output.ts';
import { omitUndefined, parsePairs, rejectPositionals } from '../parse-flags.ts';
import { createResourceQuery, defineInspect, definePrune, defineRemove, placementFlags, resourceListFlags } from './resource-commands.ts';

const ls = defineCommand({
  positionals: '',
  description: 'Lists volumes.',
  example: 'podman-api volume ls --filter dangling=true',
  flags: resourceListFlags,
  async run({ filter, node, ...values }, positionals, context) {
    rejectPositionals(positionals);
    const format = parseListFormat(values);
    const { volumes: items, unreachable } = await context.api.volumes.list(createResourceQuery(filter, node), { signal: context.signal });
    const rows = items.map(volume => [volume.driver, volume.name, volume.node]);
    await printList(context, format, { items, headings: ['DRIVER', 'VOLUME NAME', 'NODE'], rows, names: items.map(({ name }) => name) });
    warnUnreachable(context, unreachable, 'volumes');
    return 0;
  },
});

const create = defineCommand({
  positionals: '[NAME]',
  description: 'Creates a volume and prints its name.',
  example: 'podman-api volume create --label team=ci data',
  flags: {
    opt: { type: 'string', short: 'o', multiple: true, value: 'KEY=VALUE', description: 'type, device or o, as for mount' },
    ...placementFlags,
  },
  async run({ opt, label, node, selector }, [name, ...rest], { api, signal, printLine }) {
    rejectPositionals(rest);
    const options = parsePairs(opt, 'opt');
    const labels = parsePairs(label, 'label');
    const body = omitUndefined({ name, labels, options, node, node_selector: parsePairs(selector, 'selector') });
    await printLine((await api.volumes.create(body, { signal })).name);
    return 0;
  },
});

const inspect = defineInspect<VolumeDetails>({
  noun: 'volume',
  example: 'data',
  inspect: ({ volumes }, ...rest) => volumes.inspect(...rest),
});

const rm = defineRemove({
  noun: 'volume',
  description: 'Removes volumes that no container uses, and their contents.',
  example: 'data',
  remove: ({ volumes }, ...rest) => volumes.remove(...rest),
});

const prune = definePrune({
  noun: 'volume',
  removed: 'all volumes that no container uses, with their contents',
  async prune({ volumes }, ...rest) {
    const { volumes: removed, unreachable } = await volumes.prune(...rest);
    return { removed, unreachable };
  },
});

export const volume: CommandGroup = {
  description: 'Lists, creates, inspects and removes volumes.',
  commands: { ls, create, inspect, rm, prune },
};
