import type { Random } from '../random.ts';
import type { Exec } from './work.ts';

/** How a caller sends a request. Times are in ms. */
export type RequestStyle =
  /** Sends it once and waits for the response. */
  | { readonly style: 'plain' }
  /** Repeats it with an `Idempotency-Key`, alternating between both API processes; with `twice` first to both at once. */
  | { readonly style: 'keyed'; readonly twice: boolean; readonly leave?: number; readonly pause: number }
  /** Sends `Prefer: respond-async`, then reads the job from the other API process. */
  | { readonly style: 'async' }
  /** Sends `Prefer: wait=1`, then reads the job from the other API process. */
  | { readonly style: 'impatient' }
  /** Closes the connection before the response. */
  | { readonly style: 'abandoned'; readonly leave: number | 'half-way' };

export type ExecPlan = Omit<Exec, 'kind' | 'container'>;

/** What a caller does in one turn. */
export type Turn =
  | { readonly what: 'exec'; readonly exec: ExecPlan; readonly style: RequestStyle }
  /** Creates a container and perhaps removes it after a pause. */
  | { readonly what: 'container'; readonly style: RequestStyle; readonly pause: number; readonly removal?: RequestStyle }
  /** Requests several execs at once without waiting, and cancels some of them later. */
  | { readonly what: 'burst'; readonly execs: readonly { readonly exec: ExecPlan; readonly cancelAfter?: number }[] };

/** Draws a turn; a tenth of them are bursts and an eighth are about containers. */
export function planTurn(random: Random): Turn {
  const draw = random.whole(1, 40);
  if (draw <= 4) return { what: 'burst', execs: Array.from({ length: random.whole(2, 6) }, () => planBurst(random)) };
  if (draw > 9) return { what: 'exec', exec: planExec(random), style: planStyle(random) };
  const style = planStyle(random);
  const pause = random.between(0, 3000);
  return { what: 'container', style, pause, ...(random.chance(0.7) && { removal: planStyle(random) }) };
}

function planBurst(random: Random): { exec: ExecPlan; cancelAfter?: number } {
  const exec: ExecPlan = { behavior: random.pick(['plain', 'deaf']), takes: takesOf(random) };
  return { exec, ...(random.chance(0.6) && { cancelAfter: random.between(0, 4000) }) };
}

/** Longer than any run, so that a process that was not ended is found. */
const endlessSeconds = 300;

function planExec(random: Random): ExecPlan {
  const draw = random.between(0, 1);
  if (draw < 0.15) return { behavior: random.pick(['plain', 'deaf', 'daemon']), takes: endlessSeconds, timeout: random.whole(1, 3) };
  return { behavior: 'plain', takes: draw < 0.6 ? 0 : takesOf(random) };
}

function takesOf(random: Random): number {
  return Math.round(random.between(0.2, 6) * 10) / 10;
}

function planStyle(random: Random): RequestStyle {
  const style = random.pick(['plain', 'plain', 'plain', 'keyed', 'keyed', 'keyed', 'async', 'async', 'impatient', 'abandoned']);
  if (style === 'abandoned') return { style, leave: random.chance(0.3) ? 'half-way' : random.between(0, 2000) };
  if (style !== 'keyed') return { style };
  const leave = random.chance(0.3) && { leave: random.between(0, 2000) };
  return { style, twice: random.chance(0.3), pause: random.between(100, 1000), ...leave };
}
