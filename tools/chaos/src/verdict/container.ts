import { fieldOf, textOf } from '@podman-api/testing/field';
import type { Intent, Journal } from '../journal.ts';
import type { ObservedContainer } from '../observed/containers.ts';
import { countOtherPossibleRuns, type ReportedOutcome, readReportedOutcomes } from './reported-outcomes.ts';
import type { Violation } from './violation.ts';

/** Intents for one container, which is created once and removed at most once. */
export interface ContainerIntents {
  readonly container: string;
  readonly create: Intent;
  readonly remove: Intent | undefined;
}

/** Compares the responses about a container with its observed state. */
export function checkContainer({ create, remove }: ContainerIntents, seen: ObservedContainer | undefined): Violation[] {
  const [creation, removal] = [combineReports(create), remove ? combineReports(remove) : 'nothing'];
  if (seen) {
    return [
      ...(creation === 'not done'
        ? [{ kind: 'false_failure', intent: create, text: 'reported as not created, but it exists' } as const]
        : []),
      ...(creation === 'done' && seen.state !== 'running'
        ? [{ kind: 'false_success', intent: create, text: `reported as started, but it is ${seen.state}` } as const]
        : []),
      ...(remove && removal === 'done'
        ? [{ kind: 'false_success', intent: remove, text: 'reported as removed, but it exists' } as const]
        : []),
    ];
  }
  if (creation !== 'done') return [];
  if (!remove) return [{ kind: 'false_success', intent: create, text: 'reported as created, but it does not exist' }];
  return removal === 'not done' ? [{ kind: 'false_failure', intent: remove, text: 'reported as not removed, but it does not exist' }] : [];
}

/** Combines what all responses to an intent report. */
export function combineReports(intent: Intent): 'done' | 'not done' | 'nothing' {
  const outcomes = readReportedOutcomes(intent);
  if (outcomes.some(({ effect }) => effect === 'done')) return 'done';
  const isCertain = (reported: ReportedOutcome) => reported.effect !== 'unknown' && countOtherPossibleRuns(intent, reported) === 0;
  return outcomes.length > 0 && outcomes.every(isCertain) ? 'not done' : 'nothing';
}

/** Finds containers that were given to the callers of two creates. */
export function checkClaims({ intents }: Journal): Violation[] {
  const owners = new Map<string, Intent>();
  return intents
    .filter(({ work }) => work.kind === 'create')
    .flatMap(intent => {
      const ids = new Set(intent.jobs.flatMap(({ view }) => textOf(fieldOf(view?.result, 'id')) ?? []));
      return [...ids].flatMap((id): Violation[] => {
        const owner = owners.get(id) ?? intent;
        owners.set(id, owner);
        return owner === intent ? [] : [{ kind: 'handed_out_twice', intent, text: `${id} was given to ${owner.id} as well` }];
      });
    });
}
