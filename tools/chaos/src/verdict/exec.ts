import { fieldOf } from '@podman-api/testing/field';
import { clockTime } from '../clock.ts';
import type { Intent } from '../journal.ts';
import type { Mark } from '../load/work.ts';
import { countOtherPossibleRuns, type ReportedOutcome, readReportedOutcomes } from './reported-outcomes.ts';
import type { Violation } from './violation.ts';

/** Tolerance in ms for marks after the reported end: their clock has a resolution of 10 ms and was set once. */
const toleranceMs = 150;

/** Compares the responses about an exec or a run with its marks. */
export function checkExec(intent: Intent, marks: readonly Mark[]): Violation[] {
  const [begins, ends] = [marks.filter(({ what }) => what === 'begin').length, marks.filter(({ what }) => what === 'end').length];
  const violations: Violation[] = [];
  if (begins > 1 || ends > 1) violations.push({ kind: 'run_twice', intent, text: `started ${begins} times and finished ${ends} times` });
  for (const reported of readReportedOutcomes(intent)) {
    const fault = reported.effect === 'done' ? findFalseSuccess(intent, reported, marks) : findFalseFailure(intent, reported, marks);
    if (fault !== undefined) violations.push({ kind: reported.effect === 'done' ? 'false_success' : 'false_failure', intent, text: fault });
  }
  return violations.filter(({ text }, index) => violations.findIndex(other => other.text === text) === index);
}

/** Only the service ends the commands, which exit with 0: another exit code is not theirs. */
function findFalseSuccess({ id }: Intent, { result }: ReportedOutcome, marks: readonly Mark[]): string | undefined {
  const exitCode = fieldOf(result, 'exit_code');
  // A refusal to cancel only shows that the job has succeeded.
  if (result !== undefined && exitCode !== 0) return `reported as succeeded with exit code ${exitCode}, which the command does not have`;
  if (!marks.some(({ what }) => what === 'end')) return 'reported as succeeded, but it did not finish';
  if (result === undefined) return undefined;
  const stdout = fieldOf(result, 'stdout');
  return stdout === `${id}\n` ? undefined : `reported as succeeded with the output ${JSON.stringify(stdout)}`;
}

function findFalseFailure(intent: Intent, reported: ReportedOutcome, marks: readonly Mark[]): string | undefined {
  if (marks.length === 0 || reported.effect === 'unknown' || countOtherPossibleRuns(intent, reported) > 0) return undefined;
  if (reported.effect === 'never ran') return `reported as never run, but it started ${timesOf(marks)}`;
  if (reported.effect === 'failed')
    return marks.some(({ what }) => what === 'end') ? `reported as failed, but it finished ${timesOf(marks)}` : undefined;
  const later = marks.filter(({ atMs }) => atMs > reported.sinceMs + toleranceMs);
  return later.length > 0 ? `reported as ended at ${clockTime(reported.sinceMs)}, but it continued: ${timesOf(later)}` : undefined;
}

function timesOf(marks: readonly Mark[]): string {
  return marks.map(({ what, atMs }) => `${what} ${clockTime(atMs)}`).join(', ');
}
