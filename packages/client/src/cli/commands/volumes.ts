import type { ResourceQuery, VolumeDetails } from '../../types.ts';
import { confirm, forceFlag } from '../confirm.ts';
import { type CommandGroup, defineCommand } from '../define-command.ts';
import { listFlags, parseListFormat, printList, printPruned, warnUnreachable } from '../list-output.ts';
import {
  filterFlag,
  nodeFlag,
  omitUndefined,
  parseBooleanFilter,
  parseFilters,
  parsePairs,
  parseSingleFilter,
  rejectPositionals,
} from '../parse-flags.ts';
import { printableJson } from '../printable.ts';
import { forEachName } from './for-each-name.ts';

/** Filters of lists of volumes and networks. */
const filterKeys = ['label', 'name', 'dangling'] as const;

/** Flags of lists of volumes and networks. */
export const resourceListFlags = {
  filter: { ...filterFlag(filterKeys), short: 'f' },
  node: { type: 'string', value: 'NAME', description: 'only of this node' },
  ...listFlags,
} as const;

/** Flags of a create that chooses a node. */
export const placementFlags = {
  label: { type: 'string', short: 'l', multiple: true, value: 'KEY=VALUE', description: 'label it' },
  node: { type: 'string', value: 'NAME', description: 'the node; default: the least loaded' },
  selector: { type: 'string', multiple: true, value: 'LABEL=VALUE', description: 'label that the node must have' },
} as const;

/** Returns the query of a list of volumes or networks. @throws UsageError for a wrong filter */
export function createResourceQuery(filter: readonly string[] | undefined, node: string | undefined): ResourceQuery {
  const { label, name, dangling } = parseFilters(filter, filterKeys);
  return omitUndefined({
    label,
    name: parseSingleFilter(name, 'name'),
    dangling: parseBooleanFilter(dangling, 'dangling'),
    node,
  });
}

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
    opt: { type: 'string', short: 'o', multiple: true, value: 'KEY=VALUE', description: 'type, device or o, as of mount' },
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

const inspect = defineCommand({
  positionals: 'NAME…',
  description: 'Prints details of volumes as a JSON list.',
  example: 'podman-api volume inspect data',
  flags: { node: nodeFlag },
  async run({ node }, names, context) {
    const { api, signal, print } = context;
    const found: VolumeDetails[] = [];
    const code = await forEachName(names, context, { noun: 'volume' }, async name => {
      found.push(await api.volumes.inspect(name, { node }, { signal }));
    });
    await print(printableJson(found));
    return code;
  },
});

const rm = defineCommand({
  positionals: 'NAME…',
  description: 'Removes volumes that no container uses, and their contents.',
  example: 'podman-api volume rm data',
  flags: { node: nodeFlag },
  run({ node }, names, context) {
    const { api, signal, printLine } = context;
    return forEachName(names, context, { noun: 'volume', verb: 'removing' }, async name => {
      await api.volumes.remove(name, { node }, { signal });
      await printLine(name);
    });
  },
});

const prune = defineCommand({
  positionals: '',
  description: 'Removes all volumes that no container uses, on all nodes.',
  example: 'podman-api volume prune --filter label=team=ci --force',
  flags: {
    filter: filterFlag(['label']),
    node: { type: 'string', value: 'NAME', description: 'only on this node' },
    force: forceFlag,
  },
  async run({ filter, node, force }, positionals, context) {
    rejectPositionals(positionals);
    const body = omitUndefined(parseFilters(filter, ['label']));
    const warning = `This removes all volumes that no container uses, with their contents, on ${node ?? 'all nodes'}.`;
    if (!(await confirm(warning, force, context))) return 0;
    const { volumes, unreachable } = await context.api.volumes.prune(body, { node }, { signal: context.signal });
    const names = volumes.map(({ name }) => name);
    await printPruned(context, names, unreachable);
    return 0;
  },
});

/** `podman-api volume …` */
export const volume: CommandGroup = {
  description: 'Lists, creates, inspects and removes volumes.',
  commands: { ls, create, inspect, rm, prune },
};
