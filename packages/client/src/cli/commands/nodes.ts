import type { CommandContext } from '../context.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { formatTable } from '../format-table.ts';
import { requireOnePositional } from '../parse-flags.ts';
import { printableJson } from '../printable.ts';

export const nodes = defineCommand({
  positionals: '[drain NAME | resume NAME]',
  description: 'Lists the nodes; drain stops placing new containers on a node, and resume allows it again.',
  flags: { json: { type: 'boolean', description: 'print JSON' } },
  async run({ json }, [action, ...rest], context) {
    if (action === undefined) return listNodes(context, json ?? false);
    if (action !== 'drain' && action !== 'resume') throw new UsageError(`"${action}" is not an action of nodes: use drain or resume.`);
    const { name, status } = await context.api.nodes[action](requireOnePositional(rest, "A node's name"));
    await context.printLine(`${name} is ${status}`);
    return 0;
  },
});

async function listNodes({ api, signal, print }: CommandContext, json: boolean): Promise<number> {
  const found = await api.nodes.list({ signal });
  const rows = found.map(({ name, status, workers, running, queued, containers, labels }) => {
    const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    return [name, status, String(workers), String(running), String(queued), String(containers ?? '?'), pairs.join(',')];
  });
  const headings = ['NAME', 'STATUS', 'WORKERS', 'RUNNING', 'QUEUED', 'CONTAINERS', 'LABELS'];
  await print(json ? printableJson(found) : `${formatTable(headings, rows)}\n`);
  return 0;
}
