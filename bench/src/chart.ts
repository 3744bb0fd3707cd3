/** What one line of a chart shows. */
export interface Line {
  readonly name: string;
  readonly color: string;
  /** From left to right. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** A chart whose scales are both logarithmic. */
export interface Chart {
  readonly title: string;
  /** What the columns are. */
  readonly below: string;
  readonly lines: readonly Line[];
  /** Least and most of the upright scale, both powers of ten, and the unit at its marks. */
  readonly range: readonly [least: number, most: number];
  readonly unit: string;
}

const [width, height] = [720, 400];
const area = { left: 70, right: 480, top: 50, bottom: 340 } as const;
const lineHeight = 17;

/** Charts below each other, as an SVG. */
export function drawCharts(charts: readonly Chart[]): string {
  const whole = height * charts.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${whole}" font-family="sans-serif" font-size="13" fill="#374151">`,
    `<title>${charts.map(({ title }) => title).join('; ')}; all scales are logarithmic</title>`,
    `<rect width="${width}" height="${whole}" fill="#fff"/>`,
    ...charts.flatMap((chart, index) => [`<g transform="translate(0 ${index * height})">`, ...draw(chart), '</g>']),
    '</svg>',
    '',
  ].join('\n');
}

function draw({ title, below, lines, range: [least, most], unit }: Chart): readonly string[] {
  const columns = [...new Set(lines.flatMap(({ points }) => points.map(([x]) => x)))].sort((one, other) => one - other);
  const [first = 1, last = 10] = [columns[0], columns.at(-1)];
  const share = (value: number, from: number, to: number) => Math.log(value / from) / Math.log(to / from);
  const x = (value: number) => round(area.left + share(value, first, Math.max(last, first * 2)) * (area.right - area.left));
  const y = (value: number) => round(area.bottom - share(Math.max(value, least), least, most) * (area.bottom - area.top));
  const marks = Array.from({ length: Math.round(Math.log10(most / least)) + 1 }, (_, power) => least * 10 ** power);
  const labels = spread(lines.map(({ points }) => y(points.at(-1)?.[1] ?? least)));
  return [
    `<text x="${area.left}" y="24" font-weight="bold">${title}</text>`,
    ...marks.map(
      mark =>
        `<path d="M${area.left} ${y(mark)}H${area.right}" stroke="#d1d5db"/>` +
        `<text x="${area.left - 8}" y="${y(mark) + 4}" text-anchor="end">${mark} ${unit}</text>`,
    ),
    ...columns.map(column => `<text x="${x(column)}" y="${area.bottom + 22}" text-anchor="middle">${column}</text>`),
    `<text x="${(area.left + area.right) / 2}" y="${area.bottom + 46}" text-anchor="middle">${below}</text>`,
    ...lines.map(({ name, color, points }, index) => {
      const places = points.map(point => [x(point[0]), y(point[1])] as const);
      const dots = places.map(([left, top]) => `<circle cx="${left}" cy="${top}" r="3.5" fill="${color}"/>`).join('');
      const label = `<text x="${area.right + 12}" y="${round((labels[index] ?? 0) + 4)}" fill="${color}">${name}</text>`;
      return `<polyline points="${places.map(place => place.join(',')).join(' ')}" fill="none" stroke="${color}" stroke-width="2"/>${dots}${label}`;
    }),
  ];
}

/** Heights of labels that would lie on each other, moved apart; from top to bottom as they come. */
function spread(heights: readonly number[]): readonly number[] {
  let above = Number.NEGATIVE_INFINITY;
  const moved = heights
    .map((top, index) => ({ top, index }))
    .sort((one, other) => one.top - other.top)
    .map(({ top, index }) => {
      above = Math.max(top, above + lineHeight);
      return { top: above, index };
    });
  return moved.sort((one, other) => one.index - other.index).map(({ top }) => top);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
