/** Units and up to how many of each are written; the last one has no limit. */
const units = [
  { name: 'second', seconds: 1, below: 60 },
  { name: 'minute', seconds: 60, below: 60 },
  { name: 'hour', seconds: 3600, below: 48 },
  { name: 'day', seconds: 86_400, below: Infinity },
] as const;

/**
 * Returns how long ago a time was, as in `5 minutes ago`. A time in the future, by a node whose clock is ahead, is `0 seconds ago`.
 * @param time ISO 8601; another text is returned as it is
 * @param now ms since 1970
 */
export function ageText(time: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(time)) / 1000));
  const unit = units.find(each => seconds / each.seconds < each.below);
  if (!unit) return time;
  const count = Math.floor(seconds / unit.seconds);
  return `${count} ${unit.name}${count === 1 ? '' : 's'} ago`;
}
