import { confirm, forceFlag } from '../confirm.ts';
import { type CommandGroup, defineCommand } from '../define-command.ts';
import { exitCodes } from '../exit-codes.ts';
import { printPruned } from '../list-output.ts';
import { filterFlag, omitUndefined, parseFilters, parseSingleFilter, rejectPositionals } from '../parse-flags.ts';
import { inspect } from './inspect.ts';
import { ps } from './ps.ts';
import { rm } from './rm.ts';

const filterKeys = ['until', 'label'] as const;

const prune = defineCommand({
  positionals: '',
  description: 'Removes containers that have stopped, on all nodes.',
  example: 'podman-api container prune --filter label=team=ci --filter until=24h --force',
  flags: {
    filter: filterFlag(filterKeys),
    node: { type: 'string', value: 'NAME', description: 'only on this node' },
    force: forceFlag,
  },
  async run({ filter, node, force }, positionals, context) {
    rejectPositionals(positionals);
    const filters = parseFilters(filter, filterKeys);
    const body = omitUndefined({ label: filters.label, until: parseSingleFilter(filters.until, 'until') });
    if (!(await confirm(`This removes all containers that have stopped, on ${node ?? 'all nodes'}.`, force, context))) return 0;
    context.progress.show('removing containers');
    const { containers, unreachable } = await context.api.containers.prune(body, { node }, { signal: context.signal });
    const removed = containers.filter(container => container.removed);
    await printPruned(
      context,
      removed.map(({ name }) => name),
      unreachable,
    );
    const kept = containers.filter(container => !container.removed);
    for (const { name, error } of kept) context.printMessage(`${name} was not removed: ${error ?? 'podman gave no reason'}`);
    return kept.length > 0 ? exitCodes.failed.code : 0;
  },
});

/** `podman-api container …`, in addition to the commands of containers that have a name of their own. */
export const container: CommandGroup = {
  description: 'Lists, inspects and removes containers; prune removes all that have stopped.',
  commands: { ls: ps, inspect, rm, prune },
};
