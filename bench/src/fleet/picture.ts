import type { Row } from './plan.ts';

const [width, height] = [720, 400];
const area = { left: 70, right: 520, top: 30, bottom: 340 } as const;
/** Milliseconds. */
const range = { least: 1, most: 10_000 } as const;
const lineHeight = 17;

const lines: readonly { readonly name: string; readonly color: string; readonly of: (row: Row) => number }[] = [
  { name: 'list of all containers', color: '#b45309', of: ({ list }) => list.p50 },
  { name: 'name that nobody has', color: '#7c3aed', of: ({ unknown }) => unknown.p50 },
  { name: 'exec of true', color: '#0f766e', of: ({ exec }) => exec.p50 },
  { name: 'inspect', color: '#1d4ed8', of: ({ inspect }) => inspect.p50 },
];

/** The medians of all sizes as an SVG; both scales are logarithmic. */
export function pictureOf(rows: readonly Row[]): string {
  const most = Math.max(...rows.map(({ nodes }) => nodes), 10);
  const x = (nodes: number) => area.left + (Math.log(nodes) / Math.log(most)) * (area.right - area.left);
  const y = (ms: number) => {
    const share = Math.log(Math.max(ms, range.least) / range.least) / Math.log(range.most / range.least);
    return area.bottom - share * (area.bottom - area.top);
  };
  const rules = [1, 10, 100, 1000, 10_000].map(
    ms =>
      `<path d="M${area.left} ${round(y(ms))}H${area.right}" stroke="#d1d5db"/>` +
      `<text x="${area.left - 8}" y="${round(y(ms) + 4)}" text-anchor="end">${ms} ms</text>`,
  );
  const columns = rows.map(({ nodes }) => `<text x="${round(x(nodes))}" y="${area.bottom + 22}" text-anchor="middle">${nodes}</text>`);
  const last = rows.at(-1);
  const heights = last ? spread(lines.map(({ of }) => y(of(last)))) : [];
  const curves = lines.map(({ name, color, of }, index) => {
    const points = rows.map(row => [round(x(row.nodes)), round(y(of(row)))] as const);
    const dots = points.map(([left, top]) => `<circle cx="${left}" cy="${top}" r="3.5" fill="${color}"/>`).join('');
    const label = `<text x="${area.right + 12}" y="${round((heights[index] ?? 0) + 4)}" fill="${color}">${name}</text>`;
    return `<polyline points="${points.map(point => point.join(',')).join(' ')}" fill="none" stroke="${color}" stroke-width="2"/>${dots}${label}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13" fill="#374151">`,
    '<title>Medians by the number of nodes; both scales are logarithmic</title>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...rules,
    ...columns,
    `<text x="${(area.left + area.right) / 2}" y="${area.bottom + 46}" text-anchor="middle">nodes, with 20 containers each</text>`,
    ...curves,
    '</svg>',
    '',
  ].join('\n');
}

/** Heights of labels that would lie on each other, moved apart; from top to bottom as they come. */
function spread(heights: readonly number[]): readonly number[] {
  let above = Number.NEGATIVE_INFINITY;
  const moved = heights
    .map((height, index) => ({ height, index }))
    .sort((one, other) => one.height - other.height)
    .map(({ height, index }) => {
      above = Math.max(height, above + lineHeight);
      return { height: above, index };
    });
  return moved.sort((one, other) => one.index - other.index).map(({ height }) => height);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
