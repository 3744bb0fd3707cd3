import { fieldOf } from '@podman-api/testing/field';
import { clockTime } from '../clock.ts';
import type { Act } from '../journal.ts';
import type { Mark } from '../load/work.ts';
import { type Claim, claimsOf, othersThatMayHaveRun } from './claims.ts';
import type { Finding } from './finding.ts';

/** How much later than its end was told a mark may be, in ms: the clock of the marks is 10 ms coarse, and was set once. */
const slack = 150;

/** Compares what was told of an exec with its marks in the ledger. */
export function judgeExec(act: Act, marks: readonly Mark[]): Finding[] {
  const [begins, ends] = [marks.filter(({ what }) => what === 'begin').length, marks.filter(({ what }) => what === 'end').length];
  const findings: Finding[] = [];
  if (begins > 1 || ends > 1) findings.push({ offence: 'run_twice', act, text: `began ${begins} times and ended ${ends} times` });
  for (const claim of claimsOf(act)) {
    const fault = claim.says === 'done' ? notDone(act, claim, marks) : doneAfterAll(act, claim, marks);
    if (fault !== undefined) findings.push({ offence: claim.says === 'done' ? 'false_success' : 'false_failure', act, text: fault });
  }
  return findings.filter(({ text }, index) => findings.findIndex(other => other.text === text) === index);
}

/** Nobody but the service ends the commands, which exit with 0: another exit code is not theirs. */
function notDone({ id }: Act, { result }: Claim, marks: readonly Mark[]): string | undefined {
  const exitCode = fieldOf(result, 'exit_code');
  // A refusal to cancel tells that the job has succeeded, and no more.
  if (result !== undefined && exitCode !== 0) return `told as succeeded with exit code ${exitCode}, which the command does not have`;
  if (!marks.some(({ what }) => what === 'end')) return 'told as succeeded, and it did not come to its end';
  if (result === undefined) return undefined;
  const stdout = fieldOf(result, 'stdout');
  return stdout === `${id}\n` ? undefined : `told as succeeded with the output ${JSON.stringify(stdout)}`;
}

function doneAfterAll(act: Act, claim: Claim, marks: readonly Mark[]): string | undefined {
  if (marks.length === 0 || claim.says === 'unknown' || othersThatMayHaveRun(act, claim) > 0) return undefined;
  if (claim.says === 'never ran') return `told that it never ran, and it began ${timesOf(marks)}`;
  if (claim.says === 'failed')
    return marks.some(({ what }) => what === 'end') ? `told as failed, and it was done ${timesOf(marks)}` : undefined;
  const later = marks.filter(({ at }) => at > claim.at + slack);
  return later.length > 0 ? `told as ended at ${clockTime(claim.at)}, and it went on: ${timesOf(later)}` : undefined;
}

function timesOf(marks: readonly Mark[]): string {
  return marks.map(({ what, at }) => `${what} ${clockTime(at)}`).join(', ');
}
