import type { Random } from '../random.ts';
import type { MarkingCommand } from './work.ts';

/** Style in which a caller sends a request. Times are in ms. */
export type RequestStyle =
  /** Sends it once and waits for the response. */
  | { readonly style: 'plain' }
  /** Repeats it with an `Idempotency-Key`, alternating between both API processes; with `isSentTwice` first to both at once. */
  | { readonly style: 'keyed'; readonly isSentTwice: boolean; readonly disconnectAfterMs?: number; readonly pauseMs: number }
  /** Sends `Prefer: respond-async`, then reads the job from the other API process. */
  | { readonly style: 'async' }
  /** Sends `Prefer: wait=1`, then reads the job from the other API process. */
  | { readonly style: 'impatient' }
  /** Closes the connection before the response. */
  | { readonly style: 'abandoned'; readonly disconnectAfterMs: number | 'half-way' };

/** Actions of a caller in one turn. */
export type Turn =
  | { readonly what: 'exec'; readonly exec: MarkingCommand; readonly style: RequestStyle }
  /** Creates a container and perhaps removes it after a pause. */
  | {
      readonly what: 'container';
      readonly style: RequestStyle;
      readonly pauseMs: number;
      readonly removal?: RequestStyle;
      /** Whether it is taken from the pool. */
      readonly isPooled: boolean;
    }
  /** Runs a command in a new container. */
  | { readonly what: 'run'; readonly run: MarkingCommand; readonly style: RequestStyle }
  /** Uploads a file. */
  | { readonly what: 'upload'; readonly sizeBytes: number; readonly style: RequestStyle }
  | { readonly what: 'wait'; readonly style: RequestStyle }
  /** Waits for a container that never stops, and cancels that after some ms. */
  | { readonly what: 'endless wait'; readonly cancelAfterMs: number }
  | { readonly what: 'pull'; readonly style: RequestStyle }
  /** Requests several execs at once without waiting, and cancels some of them later. */
  | { readonly what: 'burst'; readonly execs: readonly { readonly exec: MarkingCommand; readonly cancelAfterMs?: number }[] };

/** Draws a turn; half of them are single execs, and a tenth each are bursts, containers, runs and uploads. */
export function planTurn(random: Random): Turn {
  const draw = random.whole(1, 40);
  if (draw <= 4) return { what: 'burst', execs: Array.from({ length: random.whole(2, 6) }, () => planBurst(random)) };
  if (draw <= 8) return { what: 'run', run: planExec(random), style: planStyle(random) };
  if (draw <= 12) return { what: 'upload', sizeBytes: random.whole(1, 4_000_000), style: planTransfer(random) };
  if (draw <= 14) return { what: 'pull', style: planStyle(random) };
  if (draw === 15) return { what: 'wait', style: random.pick([{ style: 'plain' }, { style: 'async' }]) };
  if (draw === 16) return { what: 'endless wait', cancelAfterMs: random.between(0, 4000) };
  if (draw > 20) return { what: 'exec', exec: planExec(random), style: planStyle(random) };
  const style = planStyle(random);
  const pauseMs = random.between(0, 3000);
  const isPooled = random.chance(0.5);
  return { what: 'container', style, pauseMs, isPooled, ...(random.chance(0.7) && { removal: planStyle(random) }) };
}

function planBurst(random: Random): { exec: MarkingCommand; cancelAfterMs?: number } {
  const exec: MarkingCommand = { behavior: random.pick(['plain', 'ignores-sigterm']), durationSeconds: pickDurationSeconds(random) };
  return { exec, ...(random.chance(0.6) && { cancelAfterMs: random.between(0, 4000) }) };
}

/** Longer than any run, so that a process that was not ended is found. */
const endlessSeconds = 300;

function planExec(random: Random): MarkingCommand {
  const draw = random.between(0, 1);
  if (draw < 0.15)
    return {
      behavior: random.pick(['plain', 'ignores-sigterm', 'daemon']),
      durationSeconds: endlessSeconds,
      timeoutSeconds: random.whole(1, 3),
    };
  return { behavior: 'plain', durationSeconds: draw < 0.6 ? 0 : pickDurationSeconds(random) };
}

function pickDurationSeconds(random: Random): number {
  return Math.round(random.between(0.2, 6) * 10) / 10;
}

/** Requests that cannot be repeated with a key, and wait for their response. */
function planTransfer(random: Random): RequestStyle {
  return random.chance(0.3)
    ? { style: 'abandoned', disconnectAfterMs: random.chance(0.5) ? 'half-way' : random.between(0, 500) }
    : { style: 'plain' };
}

function planStyle(random: Random): RequestStyle {
  const style = random.pick(['plain', 'plain', 'plain', 'keyed', 'keyed', 'keyed', 'async', 'async', 'impatient', 'abandoned']);
  if (style === 'abandoned') return { style, disconnectAfterMs: random.chance(0.3) ? 'half-way' : random.between(0, 2000) };
  if (style !== 'keyed') return { style };
  const disconnect = random.chance(0.3) && { disconnectAfterMs: random.between(0, 2000) };
  return { style, isSentTwice: random.chance(0.3), pauseMs: random.between(100, 1000), ...disconnect };
}
