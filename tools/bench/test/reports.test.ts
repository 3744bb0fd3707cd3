import { describe, expect, it } from 'vitest';
import { drawCharts } from '../src/chart.ts';
import { formatEchoTable, formatRequestTable, formatSuiteTable } from '../src/docker/report.ts';
import { LatencyMeter } from '../src/latency-meter.ts';
import { latencyCells, markdownTable, replaceSection } from '../src/markdown.ts';

describe('markdownTable', () => {
  it('returns a line for the headings and for each row', () => {
    expect(
      markdownTable(
        ['', 'ms'],
        [
          ['exec', 1.5],
          ['list', '–'],
        ],
      ),
    ).toBe('| | ms |\n|---|---|\n| exec | 1.5 |\n| list | – |');
  });
});

describe('latencyCells', () => {
  it('returns one decimal', () => {
    expect(latencyCells({ p50Ms: 1, p95Ms: 2.25, perSecond: 100, calls: 4 })).toEqual(['1.0', '2.3', '100.0']);
  });

  it('returns dashes for what was not measured', () => {
    expect(latencyCells(undefined)).toEqual(['–', '–', '–']);
  });
});

describe('replaceSection', () => {
  it('replaces the text between the two comments', () => {
    const document = 'before\n<!-- once: written by npm run bench -->\nold\n<!-- /once -->\nafter';
    expect(replaceSection(document, 'once: written by npm run bench', 'new')).toBe(
      'before\n<!-- once: written by npm run bench -->\nnew\n<!-- /once -->\nafter',
    );
  });

  it('throws if the document lacks the comments', () => {
    expect(() => replaceSection('text', 'once', 'new')).toThrow('add the two comments');
  });
});

describe('LatencyMeter', () => {
  it('counts the calls of all rounds and callers', async () => {
    const meter = new LatencyMeter();
    const callers: number[] = [];
    for (const calls of [2, 3]) await meter.run(2, calls, async caller => callers.push(caller));
    expect(meter.summarize()).toMatchObject({ calls: 10 });
    expect(callers.filter(caller => caller === 1)).toHaveLength(5);
  });
});

describe('drawCharts', () => {
  it('draws a line with a point for each value', () => {
    const points = [
      [1, 10],
      [10, 100],
    ] as const;
    const svg = drawCharts([
      { title: 'Latency', xLabel: 'callers', lines: [{ name: 'API', color: '#000', points }], yRange: [1, 100], yUnit: 'ms' },
    ]);
    expect(svg).toContain('<polyline points="70,195 480,50"');
    expect(svg.match(/<circle/g)).toHaveLength(2);
  });
});

describe('the tables of bench:docker', () => {
  const figures = (name: string, times: readonly number[], requestMs: number) => ({
    name,
    suiteDurationsMs: new Map([[4, times]]),
    requests: [
      { kind: 'GET /info', durationMs: 1 },
      { kind: 'POST /containers/create', durationMs: requestMs },
      { kind: 'POST /containers/create', durationMs: requestMs + 2 },
    ],
    echo: new LatencyMeter(),
  });
  const [one, other] = [figures('one', [1000, 3000], 10), figures('other', [4000, 3000, 5000], 20)];

  it('show the median durations of the suite, and their ratio', () => {
    expect(formatSuiteTable(one, other).split('\n').at(-1)).toBe('| 4 | 2.00 | 4.00 | 0.50 | 2 |');
  });

  it('list the kinds of requests by their total time, longest first', () => {
    expect(formatRequestTable(one, other).split('\n').slice(2)).toEqual([
      '| `POST /containers/create` | 2 | 11.0 | 21.0 |',
      '| `GET /info` | 1 | 1.0 | 1.0 |',
    ]);
  });

  it('show the latencies of the echo of each endpoint', async () => {
    await one.echo.run(1, 3, async () => {});
    expect(formatEchoTable([one]).split('\n').at(-1)).toMatch(/^\| one \| \d+\.\d \| \d+\.\d \|$/);
  });
});
