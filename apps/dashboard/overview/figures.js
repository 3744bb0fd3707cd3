import { formatCount, formatDuration, formatNumber } from '../shared/format.js';
import { element, setText } from '../shared/table.js';
import { drawPlot } from './plot.js';

/**
 * Shows throughput and latency of jobs as plots and text.
 * @param {import('../shared/types.d.ts').FleetReport | undefined} figures
 * @param {string} problem
 */
export function showFigures(figures, problem) {
  const recent = figures?.recent ?? [];
  setText(element('#figures .note', HTMLElement), problem === '' ? '' : `${figures ? 'Not up to date' : 'Not shown'}: ${problem}`);
  element('#figures .plots', HTMLElement).hidden = !figures && problem !== '';
  const timeMsOf = (/** @type {import('../shared/types.d.ts').Slice} */ { time }) => Date.parse(time);
  const stepMs = (recent[0]?.seconds ?? 10) * 1000;
  const rate = (/** @type {number} */ count, /** @type {number} */ seconds) => (count * 60) / seconds;

  const throughput = recent.map(slice => ({
    timeMs: timeMsOf(slice),
    values: [rate(slice.ended, slice.seconds), rate(slice.failed, slice.seconds)],
  }));
  const maxPerMinute = drawPlot('throughput', throughput, stepMs);
  showLabels('throughput', recent.length, `${formatNumber(maxPerMinute)} per minute`, throughputText(recent));

  const latency = recent.map(slice => ({ timeMs: timeMsOf(slice), values: [slice.p50_ms, slice.p95_ms] }));
  const maxMs = drawPlot('latency', latency, stepMs);
  showLabels('latency', recent.length, formatDuration(maxMs), latencyText(recent));
}

/** @param {string} id @param {number} slices @param {string} top @param {string} text */
function showLabels(id, slices, top, text) {
  setText(element(`#${id} .top`, HTMLElement), slices === 0 ? '' : top);
  setText(element(`#${id} .caption`, HTMLElement), slices === 0 ? 'No figures yet.' : text);
}

/** @param {readonly import('../shared/types.d.ts').Slice[]} recent */
function throughputText(recent) {
  const endMs = Date.parse(recent.at(-1)?.time ?? '');
  const minute = recent.filter(({ time }) => endMs - Date.parse(time) < 60_000);
  const sum = (/** @type {readonly import('../shared/types.d.ts').Slice[]} */ slices, /** @type {'ended' | 'failed'} */ what) =>
    slices.reduce((total, slice) => total + slice[what], 0);
  const summarize = (/** @type {readonly import('../shared/types.d.ts').Slice[]} */ slices) =>
    `${formatCount(sum(slices, 'ended'), 'job')} ended, ${formatNumber(sum(slices, 'failed'))} of them failed`;
  return `Last minute: ${summarize(minute)}. Last ten minutes: ${summarize(recent)}.`;
}

/** @param {readonly import('../shared/types.d.ts').Slice[]} recent */
function latencyText(recent) {
  const last = recent.findLast(({ p50_ms }) => p50_ms !== null);
  if (!last || last.p50_ms === null || last.p95_ms === null) return 'No jobs finished in this period.';
  const highestP95Ms = Math.max(...recent.map(({ p95_ms }) => p95_ms ?? 0));
  return `Now 50 % of the jobs take at most ${formatDuration(last.p50_ms)}, and 95 % at most ${formatDuration(last.p95_ms)}. The highest p95 was ${formatDuration(highestP95Ms)}.`;
}
