/** Width of a progress bar in characters. */
const barWidth = 24;

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Returns a number of bytes with three digits and a decimal unit, as docker and podman print sizes: `8.08 MB`. */
export function formatSize(bytes: number): string {
  let value = bytes;
  let index = 0;
  // 999.5 would be rounded to 1000.
  while (value >= 999.5 && index < units.length - 1) {
    value /= 1000;
    index += 1;
  }
  return `${index === 0 ? value : Number(value.toPrecision(3))} ${units[index]}`;
}

/** Returns a progress bar, as in `[=======>        ] 2.4 MB of 8.08 MB`. */
export function formatBar(bytes: number, totalBytes: number): string {
  const filled = totalBytes === 0 ? barWidth : Math.min(barWidth, Math.floor((bytes / totalBytes) * barWidth));
  const bar = `${'='.repeat(filled)}${filled < barWidth ? '>' : ''}`.padEnd(barWidth);
  return `[${bar}] ${formatSize(bytes)} of ${formatSize(totalBytes)}`;
}
