/** Units of an age. A unit is used below its limit, which is a number of units. */
const units = [
  { name: 'second', seconds: 1, limit: 60 },
  { name: 'minute', seconds: 60, limit: 60 },
  { name: 'hour', seconds: 3600, limit: 48 },
  { name: 'day', seconds: 86_400, limit: Infinity },
] as const;

/**
 * Returns the age of a time, as in `5 minutes ago`. A time in the future, of a node whose clock is ahead, is `0 seconds ago`.
 * @param time ISO 8601; other text is returned unchanged
 * @param nowMs milliseconds since 1970
 */
export function formatAge(time: string, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(time)) / 1000));
  const unit = units.find(candidate => seconds / candidate.seconds < candidate.limit);
  if (!unit) return time;
  const count = Math.floor(seconds / unit.seconds);
  return `${count} ${unit.name}${count === 1 ? '' : 's'} ago`;
}
