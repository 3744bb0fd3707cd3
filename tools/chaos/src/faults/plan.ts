import type { Role } from '../cluster/member.ts';
import type { Random } from '../random.ts';

/** A fault, and the process that it affects: `index` is the number of the process within its role. */
export type Fault =
  | { readonly kind: 'kill' | 'term'; readonly role: Role; readonly index: number }
  | { readonly kind: 'freeze'; readonly role: Role; readonly index: number; readonly durationMs: number }
  | { readonly kind: 'cut'; readonly role: 'redis'; readonly type: 'normal' | 'pubsub' };

/** A fault, and the time from the beginning of the previous fault to its own. */
export interface PlannedFault {
  readonly delayMs: number;
  readonly fault: Fault;
}

export interface FaultOptions {
  readonly delayRangeMs: { readonly min: number; readonly max: number };
  readonly maxFreezeMs: number;
}

/** All kinds of faults; each comes once before any comes again. */
const faultKinds: readonly (readonly [Fault['kind'], Role])[] = [
  ['kill', 'api'],
  ['kill', 'worker'],
  ['kill', 'worker'],
  ['kill', 'redis'],
  ['term', 'api'],
  ['term', 'worker'],
  ['freeze', 'api'],
  ['freeze', 'worker'],
  ['freeze', 'worker'],
  ['freeze', 'redis'],
  ['cut', 'redis'],
  ['cut', 'redis'],
];

/** Generates an endless sequence of faults. Long freezes are rarer than short ones. */
export function* planFaults(random: Random, { delayRangeMs, maxFreezeMs }: FaultOptions): Generator<PlannedFault, never> {
  for (;;) {
    for (const [kind, role] of random.shuffle(faultKinds)) {
      const [index, share] = [random.whole(0, 11), random.between(0, 1)];
      const time = 1000 + (maxFreezeMs - 1000) * share ** 2;
      yield { delayMs: random.between(delayRangeMs.min, delayRangeMs.max), fault: createFault(kind, role, index, time) };
    }
  }
}

function createFault(kind: Fault['kind'], role: Role, index: number, durationMs: number): Fault {
  if (kind === 'cut') return { kind, role: 'redis', type: index % 2 === 0 ? 'normal' : 'pubsub' };
  return kind === 'freeze' ? { kind, role, index, durationMs } : { kind, role, index };
}
