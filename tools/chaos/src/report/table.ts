import type { Finding } from '../verdict/finding.ts';
import { type Offence, offences } from '../verdict/finding.ts';
import type { Figures } from './figures.ts';

/** The figures as a table in Markdown. */
export function table(figures: Figures): string {
  const rows: [string, string | number][] = [
    ['seed', figures.seed],
    ['load and faults, seconds', figures.seconds],
    ['faults', listOf(figures.faults)],
    ['asked for', listOf(figures.acts)],
    ['answers', listOf(figures.answers)],
    ['jobs acknowledged', figures.acknowledged],
    ['how they ended', listOf(figures.ends)],
    ['why they failed', listOf(figures.failures)],
    ...offenceRows(figures),
    ['unknown, with a fault of a worker while it ran', figures.unknown.worker],
    ['unknown, with a fault of Redis alone', figures.unknown.redis_only],
    ['not there, and told of within 2 s before Redis was killed: it had not written them', figures.unwritten],
    ['longest recovery, ms', figures.longest_recovery],
  ];
  return ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`), ''].join('\n');
}

function offenceRows({ offences: counts }: Figures): [string, number][] {
  return names.map(name => [offences[name], counts[name]]);
}

const names: readonly Offence[] = [
  'lost',
  'run_twice',
  'false_success',
  'false_failure',
  'stuck',
  'two_ends',
  'unexpected',
  'processes_left',
  'helpers_left',
  'crashed',
  'unexplained_unknown',
];

function listOf(counts: Readonly<Record<string, number>>): string {
  return (
    Object.entries(counts)
      .map(([name, count]) => `${count} × ${name}`)
      .join(', ') || 'none'
  );
}

/** How many findings of one sort are printed; the journal has all. */
const printed = 20;

/** What was found, with what was told and what was seen. */
export function findingsText(findings: readonly Finding[]): string {
  const groups = Map.groupBy(findings, ({ offence }) => offence);
  return [...groups]
    .flatMap(([offence, all]) => [
      `${all.length} × ${offences[offence]}:`,
      ...all
        .slice(0, printed)
        .map(({ act, text }) => `  ${act ? `${act.id} (${act.work.kind} ${act.jobs.map(({ id }) => id).join(', ')}) ` : ''}${text}`),
    ])
    .join('\n');
}
