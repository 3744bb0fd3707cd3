import { define } from '../command.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../failure.ts';
import { printableJson } from '../printable.ts';
import { tableOf } from '../table.ts';
import { oneWord } from '../values.ts';

export const nodes = define({
  words: '[drain NAME | resume NAME]',
  about: 'Lists the nodes; keeps new containers from one, or lets them come again.',
  flags: { json: { type: 'boolean', about: 'as JSON' } },
  async run({ json }, [action, ...words], context) {
    if (action === undefined) return list(context, json ?? false);
    if (action !== 'drain' && action !== 'resume') throw new UsageError(`"${action}" is neither drain nor resume.`);
    const { name, status } = await context.api.nodes[action](oneWord(words, "A node's name"));
    await context.printLine(`${name} is ${status}`);
    return 0;
  },
});

async function list({ api, stopping, print }: Context, json: boolean): Promise<number> {
  const found = await api.nodes.list({ signal: stopping });
  const rows = found.map(({ name, status, workers, running, queued, containers, labels }) => {
    const words = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    return [name, status, String(workers), String(running), String(queued), String(containers ?? '?'), words.join(',')];
  });
  const heads = ['NAME', 'STATUS', 'WORKERS', 'RUNNING', 'QUEUED', 'CONTAINERS', 'LABELS'];
  await print(json ? printableJson(found) : `${tableOf(heads, rows)}\n`);
  return 0;
}
