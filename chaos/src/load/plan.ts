import type { Random } from '../random.ts';
import type { Exec } from './work.ts';

/** How a caller sends what it wants. Times are in ms. */
export type Way =
  /** Once, waiting for the answer. */
  | { readonly way: 'plain' }
  /** With an `Idempotency-Key`, again and again by turns to both API processes, at first perhaps to both at once. */
  | { readonly way: 'keyed'; readonly twice: boolean; readonly leave?: number; readonly pause: number }
  /** With `Prefer: respond-async`; the job is then read from the other API process. */
  | { readonly way: 'async' }
  /** With `Prefer: wait=1`, and then the same. */
  | { readonly way: 'impatient' }
  /** And goes away before the answer. */
  | { readonly way: 'abandoned'; readonly leave: number | 'half-way' };

export type ExecPlan = Omit<Exec, 'kind' | 'container'>;

/** What a caller does in one turn. */
export type Turn =
  | { readonly what: 'exec'; readonly exec: ExecPlan; readonly way: Way }
  /** Creates a container and perhaps removes it after a pause. */
  | { readonly what: 'container'; readonly way: Way; readonly pause: number; readonly removal?: Way }
  /** Asks for several execs at once, without waiting, and cancels some of them after a time. */
  | { readonly what: 'burst'; readonly execs: readonly { readonly exec: ExecPlan; readonly cancelAfter?: number }[] };

/** Draws a turn; a tenth of them are bursts and an eighth are about containers. */
export function planTurn(random: Random): Turn {
  const draw = random.whole(1, 40);
  if (draw <= 4) return { what: 'burst', execs: Array.from({ length: random.whole(2, 6) }, () => planBurst(random)) };
  if (draw > 9) return { what: 'exec', exec: planExec(random), way: planWay(random) };
  const way = planWay(random);
  const pause = random.between(0, 3000);
  return { what: 'container', way, pause, ...(random.chance(0.7) && { removal: planWay(random) }) };
}

function planBurst(random: Random): { exec: ExecPlan; cancelAfter?: number } {
  const exec: ExecPlan = { manners: random.pick(['plain', 'deaf']), takes: takesOf(random) };
  return { exec, ...(random.chance(0.6) && { cancelAfter: random.between(0, 4000) }) };
}

/** Longer than any run waits, so that a process that is not ended is found. */
const forEver = 300;

function planExec(random: Random): ExecPlan {
  const draw = random.between(0, 1);
  if (draw < 0.15) return { manners: random.pick(['plain', 'deaf', 'daemon']), takes: forEver, timeout: random.whole(1, 3) };
  return { manners: 'plain', takes: draw < 0.6 ? 0 : takesOf(random) };
}

function takesOf(random: Random): number {
  return Math.round(random.between(0.2, 6) * 10) / 10;
}

function planWay(random: Random): Way {
  const way = random.pick(['plain', 'plain', 'plain', 'keyed', 'keyed', 'keyed', 'async', 'async', 'impatient', 'abandoned']);
  if (way === 'abandoned') return { way, leave: random.chance(0.3) ? 'half-way' : random.between(0, 2000) };
  if (way !== 'keyed') return { way };
  const leave = random.chance(0.3) && { leave: random.between(0, 2000) };
  return { way, twice: random.chance(0.3), pause: random.between(100, 1000), ...leave };
}
