import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fleetMetrics, type MetricDeclaration, processMetrics } from '../apps/api/src/metrics/declared.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const page = readFileSync(`${root}docs/observability.md`, 'utf8');
const declared: readonly MetricDeclaration[] = [...Object.values(fleetMetrics), ...Object.values(processMetrics)];
const dashboard = readFileSync(`${root}ops/grafana/dashboard.json`, 'utf8');
const alerts = readFileSync(`${root}ops/prometheus/alerts.yml`, 'utf8');

describe('docs/observability.md', () => {
  it('lists every metric as it is declared', () => {
    const rows = (of: string, metrics: Readonly<Record<string, MetricDeclaration>>) =>
      Object.values(metrics).map(
        ({ name, type, labelNames, help }) =>
          `| \`${name}\` | ${type}, ${of} | ${labelNames.map(label => `\`${label}\``).join(', ')} | ${help} |`,
      );
    const table = [
      '| metric | type, of what | labels | meaning |',
      '|---|---|---|---|',
      ...rows('fleet', fleetMetrics),
      ...rows('process', processMetrics),
    ];
    const [, documented = ''] = /<!-- metrics:.*-->\n([\s\S]*?)\n?<!-- \/metrics -->/.exec(page) ?? [];
    expect(documented).toBe(table.join('\n'));
  });

  it('lists every alert', () => {
    const { groups }: { groups: readonly { rules: readonly { alert: string }[] }[] } = parse(alerts);
    const names = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));
    expect([...page.matchAll(/^\| `(PodmanApi\w+)` \|/gm)].map(([, name]) => name)).toEqual(names);
  });
});

describe('the dashboard and the alerts', () => {
  it('use declared metrics only, and the dashboard uses each of them', () => {
    const known = new Set(
      declared.flatMap(({ name, type }) => (type === 'histogram' ? ['_bucket', '_sum', '_count'].map(end => name + end) : name)),
    );
    const used = `${dashboard}${alerts}`.match(/podman_api_\w+/g) ?? [];
    expect(used.filter(name => !known.has(name))).toEqual([]);
    const unused = declared.filter(({ name }) => !dashboard.includes(name)).map(({ name }) => name);
    expect(unused).toEqual([]);
  });
});
