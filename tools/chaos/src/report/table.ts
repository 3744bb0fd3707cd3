import type { Violation } from '../verdict/violation.ts';
import { type ViolationKind, violationTexts } from '../verdict/violation.ts';
import type { RunSummary } from './summary.ts';

/** Formats the figures as a table in Markdown. */
export function formatTable(figures: RunSummary): string {
  const rows: [string, string | number][] = [
    ['seed', figures.seed],
    ['load and faults, seconds', figures.seconds],
    ['faults', listOf(figures.faults)],
    ['operations', listOf(figures.intents)],
    ['responses', listOf(figures.responses)],
    ['jobs acknowledged', figures.acknowledged],
    ['job outcomes', listOf(figures.jobs)],
    ['failure messages', listOf(figures.failures)],
    ...violationRows(figures),
    ['unknown, with a fault of a worker while it ran', figures.unknown.worker],
    ['unknown, with a fault of Redis alone', figures.unknown.redis_only],
    ['missing, but acknowledged within 2 s before Redis was killed: not yet written', figures.unwritten],
    ['longest recovery, ms', figures.longest_recovery],
  ];
  return ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`), ''].join('\n');
}

function violationRows({ violations: counts }: RunSummary): [string, number][] {
  return names.map(name => [violationTexts[name], counts[name]]);
}

const names: readonly ViolationKind[] = [
  'lost',
  'run_twice',
  'false_success',
  'false_failure',
  'stuck',
  'two_ends',
  'unexpected',
  'file_in_part',
  'files_left',
  'handed_out_twice',
  'idle_left',
  'containers_left',
  'processes_left',
  'podman_processes_left',
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

/** Number of violations of one kind that are printed; the journal has all. */
const maxPrinted = 20;

/** Formats violations with the reported and the observed state. */
export function formatViolations(violations: readonly Violation[]): string {
  const groups = Map.groupBy(violations, ({ kind }) => kind);
  return [...groups]
    .flatMap(([kind, all]) => [
      `${all.length} × ${violationTexts[kind]}:`,
      ...all
        .slice(0, maxPrinted)
        .map(
          ({ intent, text }) =>
            `  ${intent ? `${intent.id} (${intent.work.kind} ${intent.jobs.map(({ id }) => id).join(', ')}) ` : ''}${text}`,
        ),
    ])
    .join('\n');
}
