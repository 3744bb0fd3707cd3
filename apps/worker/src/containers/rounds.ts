/** Something that is done again and again, one round after the other. */
export interface Rounds {
  /** Brings the next round forward to so many ms from now; one that is under way is followed by another. */
  soon(within: number): void;
  stop(): void;
}

/**
 * A round that fails is not missed, for the next does the same.
 * @param pause between two rounds, in ms
 */
export function startRounds(round: () => Promise<void>, pause: number): Rounds {
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let wanted: number | undefined;
  let stopped = false;
  const go = async () => {
    running = true;
    wanted = undefined;
    await round().catch(() => {});
    running = false;
    schedule(wanted ?? pause);
  };
  const schedule = (within: number) => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(go, within);
  };
  schedule(0);
  return {
    soon(within) {
      wanted = within;
      if (!running) schedule(within);
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
