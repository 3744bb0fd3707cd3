import { readFileSync } from 'node:fs';

/**
 * When this host was started, in ms since 1970, with a precision of about 10 ms: containers mark their marksContainers with the
 * uptime, which a shell reads without starting a process.
 */
export const bootedAtMs = Date.now() - Number.parseFloat(readFileSync('/proc/uptime', 'utf8')) * 1000;

/** Formats ms since 1970 as a time of day. */
export function clockTime(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(11, 23);
}
