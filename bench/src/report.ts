import { cpus, release, totalmem } from 'node:os';
import type { Row } from './plan.ts';
import type { RedisMemory } from './redis-memory.ts';

/** What the three ways are called. */
interface Names {
  readonly api: string;
  readonly line: string;
  readonly service: string;
}

/** What `npm run bench` has found, in Markdown. */
export function report(rows: readonly Row[], names: Names, versions: string, memory: RedisMemory): string {
  const find = (operation: string, way: string, callers: number) =>
    rows.find(row => row.operation === operation && row.way === way && row.callers === callers)?.figures;
  const operations = [...new Set(rows.map(({ operation }) => operation))];
  const callerCounts = [...new Set(rows.filter(({ way }) => way === names.api).map(({ callers }) => callers))];
  const best = (operation: string) =>
    Math.max(...rows.filter(row => row.operation === operation && row.way === names.line).map(({ figures }) => figures.perSecond));

  const table = callerCounts.map(callers => {
    const lines = operations.flatMap(operation => {
      const [api, line, service] = [names.api, names.line, names.service].map(way => find(operation, way, callers));
      if (!api || !line) return [];
      const against = callers === 1 ? signed(api.p50 - line.p50) : percent(api.perSecond / best(operation));
      return [
        `| ${operation} | ${cells(api)} | ${cells(line)} | ${service ? cells(service) : '– | – | –'} | ${against} | ${service ? `${(api.perSecond / service.perSecond).toFixed(2)}` : '–'} |`,
      ];
    });
    const last = callers === 1 ? 'added to the command line, ms at p50' : "of the command line's best throughput";
    return [
      `### ${callers} caller${callers === 1 ? '' : 's'} at once`,
      '',
      `| | API p50 | p95 | per s | command line p50 | p95 | per s | service p50 | p95 | per s | ${last} | API / service, per s |`,
      '|---|---|---|---|---|---|---|---|---|---|---|---|',
      ...lines,
    ].join('\n');
  });
  return [
    versions,
    '',
    ...table.flatMap(text => [text, '']),
    '### What Redis holds',
    '',
    `After ${memory.jobs} execs of 64 KiB output each, which nothing can compress: ${Math.round(memory.used)} MiB,`,
    `${Math.round(memory.peak)} MiB at the most, with the default OUTPUT_SPACE of 256 MiB.`,
  ].join('\n');
}

/** What was measured on. */
export function machine(programs: readonly string[]): string {
  const [cpu] = cpus();
  return [
    `- ${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 1024 ** 3)} GiB, Linux ${release()}`,
    ...programs.map(program => `- ${program}`),
  ].join('\n');
}

const cells = ({ p50, p95, perSecond }: Row['figures']) => [p50, p95, perSecond].map(value => value.toFixed(1)).join(' | ');
const signed = (value: number) => `${value >= 0 ? '+' : ''}${value.toFixed(1)}`;
const percent = (value: number) => `${Math.round(value * 100)} %`;
