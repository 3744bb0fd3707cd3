import { latencyCells, markdownTable } from './markdown.ts';
import type { OperationResult } from './measure-operations.ts';
import type { RedisMemory } from './redis-memory.ts';

/** Names of the three targets in the results. */
interface TargetNames {
  readonly api: string;
  readonly commandLine: string;
  readonly service: string;
}

/** Returns the results of `npm run bench` in Markdown: a table for each number of callers, and the memory of Redis. */
export function createReport(results: readonly OperationResult[], names: TargetNames, machine: string, memory: RedisMemory): string {
  const callerCounts = [...new Set(results.filter(({ target }) => target === names.api).map(({ callers }) => callers))];
  return [
    machine,
    ...callerCounts.map(callers => createSection(results, names, callers)),
    [
      '### What Redis holds',
      '',
      `After ${memory.jobs} execs of 64 KiB output each, incompressible: ${Math.round(memory.usedMib)} MiB,`,
      `${Math.round(memory.peakMib)} MiB at most, with the default OUTPUT_SPACE of 256 MiB.`,
    ].join('\n'),
  ].join('\n\n');
}

function createSection(results: readonly OperationResult[], names: TargetNames, callers: number): string {
  const operations = [...new Set(results.map(({ operation }) => operation))];
  const find = (operation: string, target: string) =>
    results.find(result => result.operation === operation && result.target === target && result.callers === callers)?.latency;
  const bestPerSecond = (operation: string) =>
    Math.max(
      ...results
        .filter(result => result.operation === operation && result.target === names.commandLine)
        .map(({ latency }) => latency.perSecond),
    );
  const rows = operations.flatMap(operation => {
    const [api, line, service] = [names.api, names.commandLine, names.service].map(target => find(operation, target));
    if (!api || !line) return [];
    const comparison = callers === 1 ? signed(api.p50Ms - line.p50Ms) : percent(api.perSecond / bestPerSecond(operation));
    const ratio = service ? (api.perSecond / service.perSecond).toFixed(2) : '–';
    return [[operation, ...latencyCells(api), ...latencyCells(line), ...latencyCells(service), comparison, ratio]];
  });
  const comparison = callers === 1 ? 'added to the command line, ms at p50' : "of the command line's best throughput";
  const headings = ['API', 'command line', 'service'].flatMap(target => [`${target} p50`, 'p95', 'per s']);
  const table = markdownTable(['', ...headings, comparison, 'API / service, per s'], rows);
  return `### ${callers} caller${callers === 1 ? '' : 's'} at once\n\n${table}`;
}

const signed = (value: number) => `${value >= 0 ? '+' : ''}${value.toFixed(1)}`;
const percent = (value: number) => `${Math.round(value * 100)} %`;
