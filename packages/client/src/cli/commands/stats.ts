import type { ContainerStats } from '../../types.ts';
import type { CommandContext } from '../context.ts';
import { defineCommand } from '../define-command.ts';
import { formatSize } from '../format-size.ts';
import { formatTable } from '../format-table.ts';
import { parseListFormat, printList } from '../list-output.ts';
import { printableJson } from '../printable.ts';
import { forEachName } from './for-each-name.ts';

const headings = ['NAME', 'CPU %', 'MEM USAGE / LIMIT', 'MEM %', 'NET IO', 'BLOCK IO', 'PIDS'];

export const stats = defineCommand({
  positionals: 'NAME…',
  description: 'Prints the resource usage of running containers every second, until they stop.',
  example: 'podman-api stats box',
  flags: {
    'no-stream': { type: 'boolean', description: 'print the figures once' },
    format: { type: 'string', value: 'FORMAT', description: 'table, or json for a line of JSON for each reading; default: table' },
  },
  async run({ 'no-stream': once, ...values }, names, context) {
    const format = parseListFormat(values);
    const { api, signal } = context;
    if (once) {
      const items: ContainerStats[] = [];
      const code = await forEachName(names, context, { noun: 'container' }, async name => {
        items.push(await api.containers.stats(name, { signal }));
      });
      await printList(context, format, { items, headings, rows: items.map(rowOf), names: [] });
      return code;
    }
    const show = format === 'json' ? (reading: ContainerStats) => context.print(printableJson(reading, 0)) : createView(context);
    const follow = async (name: string) => {
      for await (const event of api.containers.followStats(name, { signal })) if (event.event === 'stats') await show(event.stats);
    };
    // All at once: each ends with its container.
    const groups = names.length > 0 ? names.map(name => [name]) : [[]];
    const codes = await Promise.all(groups.map(group => forEachName(group, context, { noun: 'container' }, follow)));
    return codes.findLast(code => code !== 0) ?? 0;
  },
});

/** Returns the function that shows a reading: in a table that is drawn again on a terminal, else as a line with the time. */
function createView({ progress, printLine }: CommandContext): (reading: ContainerStats) => Promise<void> {
  const latest = new Map<string, ContainerStats>();
  return async reading => {
    if (!progress.isVisible) return printLine([reading.read_at, ...rowOf(reading)].join('  '));
    latest.set(reading.id, reading);
    progress.showLines(formatTable(headings, [...latest.values()].map(rowOf)).split('\n'));
  };
}

function rowOf({
  name,
  cpu_percent,
  memory,
  memory_limit,
  network_input,
  network_output,
  block_input,
  block_output,
  pids,
}: ContainerStats): readonly string[] {
  const share = memory_limit > 0 ? (memory / memory_limit) * 100 : 0;
  return [
    name,
    cpu_percent.toFixed(2),
    `${formatSize(memory)} / ${formatSize(memory_limit)}`,
    share.toFixed(2),
    `${formatSize(network_input)} / ${formatSize(network_output)}`,
    `${formatSize(block_input)} / ${formatSize(block_output)}`,
    String(pids),
  ];
}
