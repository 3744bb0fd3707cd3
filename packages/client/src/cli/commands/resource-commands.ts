import type { Client } from '../../client.ts';
import type { ResourceQuery } from '../../types.ts';
import { confirm, forceFlag } from '../confirm.ts';
import { defineCommand } from '../define-command.ts';
import { listFlags, printPruned } from '../list-output.ts';
import {
  filterFlag,
  nodeFlag,
  omitUndefined,
  parseBooleanFilter,
  parseFilters,
  parseSingleFilter,
  rejectPositionals,
} from '../parse-flags.ts';
import { printableJson } from '../printable.ts';
import { forEachName } from './for-each-name.ts';

type Noun = 'volume' | 'network';
type NodeOption = Readonly<{ node?: string | undefined }>;
type AbortOptions = Readonly<{ signal: AbortSignal }>;

/** Filters of lists of volumes and networks. */
const filterKeys = ['label', 'name', 'dangling'] as const;

/** Flags of lists of volumes and networks. */
export const resourceListFlags = {
  filter: { ...filterFlag(filterKeys), short: 'f' },
  node: { type: 'string', value: 'NAME', description: 'only those of this node' },
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

/** Defines the command that prints details of volumes or networks. @param example name in the example of the help */
export function defineInspect<Details extends object>({
  noun,
  example,
  inspect,
}: {
  readonly noun: Noun;
  readonly example: string;
  readonly inspect: (api: Client, name: string, query: NodeOption, options: AbortOptions) => Promise<Details>;
}) {
  return defineCommand({
    positionals: 'NAME…',
    description: `Prints details of ${noun}s as a JSON list.`,
    example: `podman-api ${noun} inspect ${example}`,
    flags: { node: nodeFlag },
    async run({ node }, names, context) {
      const { api, signal, print } = context;
      const found: Details[] = [];
      const code = await forEachName(names, context, { noun }, async name => {
        found.push(await inspect(api, name, { node }, { signal }));
      });
      await print(printableJson(found));
      return code;
    },
  });
}

/** Defines the command that removes volumes or networks. @param example name in the example of the help */
export function defineRemove({
  noun,
  description,
  example,
  remove,
}: {
  readonly noun: Noun;
  readonly description: string;
  readonly example: string;
  readonly remove: (api: Client, name: string, query: NodeOption, options: AbortOptions) => Promise<unknown>;
}) {
  return defineCommand({
    positionals: 'NAME…',
    description,
    example: `podman-api ${noun} rm ${example}`,
    flags: { node: nodeFlag },
    run({ node }, names, context) {
      const { api, signal, printLine } = context;
      return forEachName(names, context, { noun, verb: 'removing' }, async name => {
        await remove(api, name, { node }, { signal });
        await printLine(name);
      });
    },
  });
}

/** Names of the resources that a prune has removed, and nodes that did not answer. */
interface Pruned {
  readonly removed: readonly { readonly name: string }[];
  readonly unreachable: readonly string[];
}

/**
 * Defines the command that removes unused volumes or networks. @param removed name of the removed resources, for the
 * help and the question
 */
export function definePrune({
  noun,
  removed,
  prune,
}: {
  readonly noun: Noun;
  readonly removed: string;
  readonly prune: (api: Client, body: { readonly label?: string[] }, query: NodeOption, options: AbortOptions) => Promise<Pruned>;
}) {
  return defineCommand({
    positionals: '',
    description: `Removes ${removed}, on all nodes.`,
    example: `podman-api ${noun} prune --filter label=team=ci --force`,
    flags: {
      filter: filterFlag(['label']),
      node: { type: 'string', value: 'NAME', description: 'only on this node' },
      force: forceFlag,
    },
    async run({ filter, node, force }, positionals, context) {
      rejectPositionals(positionals);
      const body = omitUndefined(parseFilters(filter, ['label']));
      if (!(await confirm(`This removes ${removed}, on ${node ?? 'all nodes'}.`, force, context))) return 0;
      const pruned = await prune(context.api, body, { node }, { signal: context.signal });
      const names = pruned.removed.map(({ name }) => name);
      await printPruned(context, names, pruned.unreachable);
      return 0;
    },
  });
}
