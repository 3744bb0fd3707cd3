/**
 * Does something now and again and again, one round after the other; a round that fails is not missed, for the next
 * does the same.
 * @param pause between two rounds, in ms
 * @returns ends it
 */
export function every(pause: number, round: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const go = async () => {
    await round().catch(() => {});
    if (!stopped) timer = setTimeout(go, pause);
  };
  void go();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
