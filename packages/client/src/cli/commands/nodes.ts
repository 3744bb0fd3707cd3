import type { CommandContext } from '../context.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { type ListFormat, listFlags, parseListFormat, printList } from '../list-output.ts';
import { requireOnePositional } from '../parse-flags.ts';

export const nodes = defineCommand({
  positionals: '[drain NAME | resume NAME]',
  description: 'Lists the nodes; drain stops placing new containers on a node, and resume allows it again.',
  example: 'podman-api nodes drain node-a',
  flags: listFlags,
  async run(values, [action, ...rest], context) {
    if (action === undefined) return listNodes(context, parseListFormat(values));
    if (action !== 'drain' && action !== 'resume') throw new UsageError(`"${action}" is not an action of nodes: use drain or resume.`);
    const { name, status } = await context.api.nodes[action](requireOnePositional(rest, "A node's name"));
    await context.printLine(`${name} is ${status}`);
    return 0;
  },
});

async function listNodes(context: CommandContext, format: ListFormat): Promise<number> {
  const items = await context.api.nodes.list({ signal: context.signal });
  const rows = items.map(({ name, status, workers, running, queued, containers, labels }) => {
    const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    return [name, status, String(workers), String(running), String(queued), String(containers ?? '?'), pairs.join(',')];
  });
  const headings = ['NAME', 'STATUS', 'WORKERS', 'RUNNING', 'QUEUED', 'CONTAINERS', 'LABELS'];
  await printList(context, format, { items, headings, rows, names: items.map(({ name }) => name) });
  return 0;
}
