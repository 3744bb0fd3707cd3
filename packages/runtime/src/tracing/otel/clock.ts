/** Clock of the spans that belong to one trace in one process. */
export interface AnchoredClock {
  /** Returns the time in ms since 1970, with fractions. Monotonic. */
  now(): number;
}

/**
 * Creates a clock that reads the system's time once and from then on the monotonic clock. Spans with the same clock nest
 * exactly: otherwise starts are rounded down to a whole ms, so a child can seem to end after its parent, and an adjustment
 * of the system's time shifts spans.
 * @param startMs time at which the clock starts, in ms since 1970
 */
export function createAnchoredClock(startMs = Date.now()): AnchoredClock {
  const startedAtMs = performance.now();
  return { now: () => startMs + (performance.now() - startedAtMs) };
}
