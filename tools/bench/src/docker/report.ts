import type { LatencyMeter } from '../latency-meter.ts';
import { latencyCells, markdownTable } from '../markdown.ts';
import type { RequestTime } from './suite.ts';

/** Results of one Docker endpoint. */
export interface EndpointResult {
  readonly name: string;
  /** Durations of the suite in ms, by the number of sessions. */
  readonly suiteDurationsMs: ReadonlyMap<number, readonly number[]>;
  readonly requests: readonly RequestTime[];
  readonly echo: LatencyMeter;
}

/** Kinds of requests that are shown: the longest ones of all runs together. */
const shownKinds = 12;

/** Returns the medians of the suite in seconds, and their ratios, as a table in Markdown. */
export function formatSuiteTable(one: EndpointResult, other: EndpointResult): string {
  const rows = [...one.suiteDurationsMs].map(([count, durationsMs]) => {
    const [ours, theirs] = [median(durationsMs), median(other.suiteDurationsMs.get(count) ?? [])];
    return [count, seconds(ours), seconds(theirs), (ours / theirs).toFixed(2), durationsMs.length];
  });
  return markdownTable(['sessions at once', `${one.name}, s`, `${other.name}, s`, 'ratio', 'turns'], rows);
}

/** Returns how long a key takes to be shown as a table in Markdown. */
export function formatEchoTable(endpoints: readonly EndpointResult[]): string {
  return markdownTable(
    ['a key of `docker run --rm -it`', 'p50, ms', 'p95, ms'],
    endpoints.map(({ name, echo }) => [name, ...latencyCells(echo.summarize()).slice(0, 2)]),
  );
}

/** Returns the requests of one run of the suite by kind, those first whose sum is the longest, as a table in Markdown. */
export function formatRequestTable(one: EndpointResult, other: EndpointResult): string {
  const [ours, theirs] = [byKind(one.requests), byKind(other.requests)];
  const runs = one.suiteDurationsMs.get(1)?.length ?? 1;
  const sum = (durationsMs: readonly number[] = []) => durationsMs.reduce((total, ms) => total + ms, 0);
  const rows = [...ours]
    .toSorted(([, durationsMs], [, others]) => sum(others) - sum(durationsMs))
    .slice(0, shownKinds)
    .map(([kind, durationsMs]) => [
      `\`${kind}\``,
      Math.round(durationsMs.length / runs),
      ...[durationsMs, theirs.get(kind) ?? []].map(formatMedian),
    ]);
  return markdownTable(['request, one session', 'requests', `${one.name}: p50, ms`, `${other.name}: p50, ms`], rows);
}

function byKind(requests: readonly RequestTime[]): Map<string, number[]> {
  const kinds = new Map<string, number[]>();
  for (const { kind, durationMs } of requests) kinds.set(kind, [...(kinds.get(kind) ?? []), durationMs]);
  return kinds;
}

function formatMedian(durationsMs: readonly number[]): string {
  return durationsMs.length === 0 ? '–' : median(durationsMs).toFixed(1);
}

/** Returns the median; `NaN` if there are no values. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middleIndex = sorted.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(middleIndex) - 1], sorted[Math.floor(middleIndex)]];
  return (low + high) / 2;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}
