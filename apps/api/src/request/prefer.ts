/** What a caller prefers (RFC 7240). */
export interface Preferences {
  /** Seconds that the caller wants to wait, where it says so. */
  readonly wait?: number;
  /** Rather a 202 than a wait that ends without an outcome. */
  readonly respondAsync: boolean;
  /** What of it is honoured, for `Preference-Applied`. */
  readonly applied: string;
}

/**
 * Reads a `Prefer` header. Preferences are separated by commas (RFC 7240), or by the semicolons that many other headers have.
 * Others than `wait` and `respond-async`, and a wait that is no number, are ignored.
 * @param longest the longest wait, in seconds; a longer one is shortened to it
 */
export function readPrefer(header: string, longest: number): Preferences {
  const words = header.split(/[,;]/).map(word => word.trim().toLowerCase());
  const respondAsync = words.includes('respond-async');
  const digits = words.map(word => /^wait\s*=\s*"?(\d{1,9})"?$/.exec(word)?.[1]).find(found => found !== undefined);
  const wait = digits === undefined ? undefined : Math.min(Number(digits), longest);
  const applied = [...(respondAsync ? ['respond-async'] : []), ...(wait === undefined ? [] : [`wait=${wait}`])].join(', ');
  return { ...(wait !== undefined && { wait }), respondAsync, applied };
}
