import type { Act } from '../journal.ts';
import type { ObservedContainer } from '../observed/containers.ts';
import { type Claim, claimsOf, othersThatMayHaveRun } from './claims.ts';
import type { Finding } from './finding.ts';

/** What was told of one container; each is created once and removed once at most. */
export interface ContainerActs {
  readonly create: Act;
  readonly remove: Act | undefined;
}

/** Compares what was told of a container with whether it is there. */
export function judgeContainer({ create, remove }: ContainerActs, seen: ObservedContainer | undefined): Finding[] {
  const [creation, removal] = [saidOfAll(create), remove ? saidOfAll(remove) : 'nothing'];
  if (seen) {
    return [
      ...(creation === 'not done'
        ? [{ offence: 'false_failure', act: create, text: 'told that it was not created, and it is there' } as const]
        : []),
      ...(creation === 'done' && seen.state !== 'running'
        ? [{ offence: 'false_success', act: create, text: `told as started, and it is ${seen.state}` } as const]
        : []),
      ...(remove && removal === 'done'
        ? [{ offence: 'false_success', act: remove, text: 'told as removed, and it is there' } as const]
        : []),
    ];
  }
  if (creation !== 'done') return [];
  if (!remove) return [{ offence: 'false_success', act: create, text: 'told as created, and it is not there' }];
  return removal === 'not done'
    ? [{ offence: 'false_failure', act: remove, text: 'told that it was not removed, and it is not there' }]
    : [];
}

/** The sum of all that was told of an act. */
function saidOfAll(act: Act): 'done' | 'not done' | 'nothing' {
  const claims = claimsOf(act);
  if (claims.some(({ says }) => says === 'done')) return 'done';
  const isCertain = (claim: Claim) => claim.says !== 'unknown' && othersThatMayHaveRun(act, claim) === 0;
  return claims.length > 0 && claims.every(isCertain) ? 'not done' : 'nothing';
}
