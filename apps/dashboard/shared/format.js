// Formats numbers and times.

const integerFormat = new Intl.NumberFormat('en');

/** Formats a count with its noun. @param {number} count @param {string} noun @param {string} [nouns] plural; default: noun with an s */
export function formatCount(count, noun, nouns = `${noun}s`) {
  return `${integerFormat.format(count)} ${count === 1 ? noun : nouns}`;
}

/** @param {number} count */
export function formatNumber(count) {
  return integerFormat.format(count);
}

/** Formats a time of day in the browser's time zone. @param {Date} time */
export function formatTime(time) {
  return time.toLocaleTimeString('en-GB');
}

/** @type {readonly (readonly [number, string])[]} */
const units = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** Formats the age of something in its largest unit. @param {string} instant @param {number} now in ms since 1970 */
export function formatAge(instant, now) {
  const seconds = Math.max(Math.round((now - Date.parse(instant)) / 1000), 0);
  const [size, unit] = units.find(([size]) => seconds >= size) ?? [1, 's'];
  return `${Math.floor(seconds / size)} ${unit}`;
}

/** @param {number} ms */
export function formatDuration(ms) {
  if (ms >= 10_000) return `${integerFormat.format(Math.round(ms / 1000))} s`;
  return ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms)} ms`;
}

/** @param {string} text @param {number} maxCharacters */
export function shorten(text, maxCharacters) {
  return text.length > maxCharacters ? `${text.slice(0, maxCharacters)}…` : text;
}

/** Formats bytes as podman does. @param {number} bytes */
export function formatBytes(bytes) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
}
