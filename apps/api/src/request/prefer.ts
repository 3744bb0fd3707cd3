/** Preferences of a request (RFC 7240). */
export interface Preferences {
  /** Longest wait in seconds, if the request has one. */
  readonly wait?: number;
  /** Whether a 202 is preferred to a 408. */
  readonly respondAsync: boolean;
  /** Value of `Preference-Applied`. */
  readonly applied: string;
}

/**
 * Reads a `Prefer` header. Preferences are separated by commas (RFC 7240), or by the semicolons that many other headers have.
 * Other preferences than `wait` and `respond-async`, and a wait that is not a number, are ignored.
 * @param maxWaitSeconds limit of the wait
 */
export function readPrefer(header: string, maxWaitSeconds: number): Preferences {
  const preferences = header.split(/[,;]/).map(preference => preference.trim().toLowerCase());
  const respondAsync = preferences.includes('respond-async');
  const digits = preferences.map(preference => /^wait\s*=\s*"?(\d{1,9})"?$/.exec(preference)?.[1]).find(found => found !== undefined);
  const wait = digits === undefined ? undefined : Math.min(Number(digits), maxWaitSeconds);
  const applied = [...(respondAsync ? ['respond-async'] : []), ...(wait === undefined ? [] : [`wait=${wait}`])].join(', ');
  return { ...(wait !== undefined && { wait }), respondAsync, applied };
}
