/** A chart with two logarithmic scales. */
export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly lines: readonly ChartLine[];
  /** Bounds of the vertical scale, both powers of ten. Smaller values are drawn at the lower bound. */
  readonly yRange: readonly [min: number, max: number];
  /** Unit at the marks of the vertical scale. */
  readonly yUnit: string;
}

export interface ChartLine {
  readonly name: string;
  /** CSS color; dark enough for text on white (WCAG 2.2, 1.4.3). */
  readonly color: string;
  /** From left to right. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

const [width, height] = [720, 400];
const area = { left: 70, right: 480, top: 50, bottom: 340 } as const;
const labelHeight = 17;

/** Returns an SVG document with the charts one below the other. */
export function drawCharts(charts: readonly Chart[]): string {
  const totalHeight = height * charts.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${totalHeight}" font-family="sans-serif" font-size="13" fill="#374151">`,
    `<title>${charts.map(({ title }) => title).join('; ')}; all scales are logarithmic</title>`,
    `<rect width="${width}" height="${totalHeight}" fill="#fff"/>`,
    ...charts.flatMap((chart, index) => [`<g transform="translate(0 ${index * height})">`, ...drawChart(chart), '</g>']),
    '</svg>',
    '',
  ].join('\n');
}

function drawChart({ title, xLabel, lines, yRange: [min, max], yUnit }: Chart): readonly string[] {
  const columns = [...new Set(lines.flatMap(({ points }) => points.map(([x]) => x)))].sort((one, other) => one - other);
  const [first = 1, last = 10] = [columns[0], columns.at(-1)];
  const position = (value: number, from: number, to: number) => Math.log(value / from) / Math.log(to / from);
  const x = (value: number) => round(area.left + position(value, first, Math.max(last, first * 2)) * (area.right - area.left));
  const y = (value: number) => round(area.bottom - position(Math.max(value, min), min, max) * (area.bottom - area.top));
  const marks = Array.from({ length: Math.round(Math.log10(max / min)) + 1 }, (_, power) => min * 10 ** power);
  const labelHeights = separateLabels(lines.map(({ points }) => y(points.at(-1)?.[1] ?? min)));
  return [
    `<text x="${area.left}" y="24" font-weight="bold">${title}</text>`,
    ...marks.map(
      mark =>
        `<path d="M${area.left} ${y(mark)}H${area.right}" stroke="#d1d5db"/>` +
        `<text x="${area.left - 8}" y="${y(mark) + 4}" text-anchor="end">${mark} ${yUnit}</text>`,
    ),
    ...columns.map(column => `<text x="${x(column)}" y="${area.bottom + 22}" text-anchor="middle">${column}</text>`),
    `<text x="${(area.left + area.right) / 2}" y="${area.bottom + 46}" text-anchor="middle">${xLabel}</text>`,
    ...lines.map(({ name, color, points }, index) => {
      const positions = points.map(point => [x(point[0]), y(point[1])] as const);
      const dots = positions.map(([left, top]) => `<circle cx="${left}" cy="${top}" r="3.5" fill="${color}"/>`).join('');
      const label = `<text x="${area.right + 12}" y="${round((labelHeights[index] ?? 0) + 4)}" fill="${color}">${name}</text>`;
      return `<polyline points="${positions.map(position => position.join(',')).join(' ')}" fill="none" stroke="${color}" stroke-width="2"/>${dots}${label}`;
    }),
  ];
}

/** Moves labels down that would overlap. The result has the order of the argument. */
function separateLabels(heights: readonly number[]): readonly number[] {
  let nextTop = Number.NEGATIVE_INFINITY;
  const separated = heights
    .map((top, index) => ({ top, index }))
    .sort((one, other) => one.top - other.top)
    .map(({ top, index }) => {
      nextTop = Math.max(top, nextTop + labelHeight);
      return { top: nextTop, index };
    });
  return separated.sort((one, other) => one.index - other.index).map(({ top }) => top);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
