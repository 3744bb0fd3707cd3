import type { StringSchema } from 'joi';
import { boundedText } from '../../schemas/bounds.ts';

const unitMs = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
const duration = /^(?:\d{1,9}(?:\.\d{1,9})?(?:ns|us|ms|s|m|h))+$/;
const durationPart = /(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)/g;
const unixSeconds = /^(\d{1,10})(?:\.(\d{1,9}))?$/;
const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2}))?$/;

/**
 * Turns a time as callers write it into nanoseconds since 1970. A duration is subtracted from the present, whereas podman
 * adds a duration in `--until` to it (podman 4.3).
 * @param text RFC 3339, a date (midnight UTC), seconds since 1970, or a duration such as `1h30m`
 * @param nowMs the present, in ms since 1970
 * @returns `undefined` if the text has none of these forms, or names a day or an hour that does not exist
 */
export function parseLogTime(text: string, nowMs: number): bigint | undefined {
  if (duration.test(text)) return fromMs(nowMs - durationMs(text), '');
  const [, seconds, decimals = ''] = unixSeconds.exec(text) ?? [];
  if (seconds !== undefined) return fromMs(Number(seconds) * 1000, decimals);
  return parseDate(text);
}

/** Returns the schema of a time in a query: RFC 3339, seconds since 1970, or an age such as `10m`. */
export const logTime = (): StringSchema =>
  boundedText(64).custom((text: string, helpers) =>
    parseLogTime(text, Date.now()) === undefined
      ? helpers.message({
          custom: '{{#label}} must be a time such as 2026-11-28T09:00:00Z, seconds since 1970, or an age such as 10m',
        })
      : text,
  );

function durationMs(text: string): number {
  let total = 0;
  for (const [, value, unit] of text.matchAll(durationPart)) {
    const [, factor = 0] = Object.entries(unitMs).find(([name]) => name === unit) ?? [];
    total += Number(value) * factor;
  }
  return total;
}

/** Adds decimals of a second to a time. Times before 1970 become 1970, because no log is older. */
function fromMs(ms: number, decimals: string): bigint {
  return ms < 0 ? 0n : BigInt(Math.round(ms * 1000)) * 1000n + BigInt(decimals.padEnd(9, '0'));
}

/** `Date.parse` accepts 30 February and moves it to March; the parts must come back as they were written. */
function parseDate(text: string): bigint | undefined {
  const match = rfc3339.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', decimals = '', zone = 'Z'] = match;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const asUtc = new Date(`${local}Z`);
  const ms = Date.parse(`${local}${zone}`);
  if (Number.isNaN(ms) || Number.isNaN(asUtc.getTime()) || asUtc.toISOString().slice(0, 19) !== local) return undefined;
  return fromMs(ms, decimals);
}
