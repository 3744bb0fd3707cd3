import { formatAge, formatCount, formatNumber } from '../shared/format.js';
import { createTable, element, setText } from '../shared/table.js';

/** Number of nodes that are shown; those with a problem come first. */
const maxRows = 50;
/** Numeric order: host-2 before host-10. */
const byName = new Intl.Collator('en', { numeric: true });
const statusOrder = ['offline', 'draining', 'ready'];
const table = createTable('nodes');

/**
 * @param {readonly import('../shared/types.d.ts').Node[] | undefined} nodes
 * @param {string} problem
 * @param {number} now
 */
export function showNodes(nodes, problem, now) {
  const sorted = [...(nodes ?? [])].sort((one, other) => urgencyOf(one) - urgencyOf(other) || byName.compare(one.name, other.name));
  table.show(nodes && sorted.slice(0, maxRows).map(node => rowOf(node, now)), problem);
  const hiddenCount = sorted.length - maxRows;
  setText(element('#nodes .more', HTMLElement), hiddenCount > 0 ? `And ${formatCount(hiddenCount, 'more node')}.` : '');

  const sum = (/** @type {(node: import('../shared/types.d.ts').Node) => number | null} */ getCount) =>
    sorted.reduce((total, node) => total + (getCount(node) ?? 0), 0);
  const tile = (/** @type {string} */ id, /** @type {string} */ text) =>
    setText(element(`#${id}`, HTMLElement), nodes === undefined ? '–' : text);
  const ready = sorted.filter(isHealthy).length;
  tile('tile-nodes', ready === sorted.length ? formatNumber(ready) : `${formatNumber(ready)} of ${formatNumber(sorted.length)}`);
  tile('tile-running', `${formatNumber(sum(({ running }) => running))} of ${formatNumber(sum(({ max_workers }) => max_workers))}`);
  tile('tile-queued', formatNumber(sum(({ queued }) => queued)));
  tile('tile-containers', formatNumber(sum(({ containers }) => containers)));
}

/** @param {import('../shared/types.d.ts').Node} node */
const isHealthy = ({ status, podman }) => status === 'ready' && podman === 'connected';

/** @param {import('../shared/types.d.ts').Node} node */
function urgencyOf(node) {
  return node.status === 'ready' && node.podman === 'disconnected' ? 0.5 : statusOrder.indexOf(node.status);
}

/** @param {import('../shared/types.d.ts').Node} node @param {number} now @returns {import('../shared/types.d.ts').Row} */
function rowOf(node, now) {
  const labels = Object.entries(node.labels).map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  return {
    key: node.name,
    cells: [
      { text: node.name },
      statusCell(node),
      { text: `${node.running} of ${node.max_workers}`, share: node.max_workers === 0 ? 0 : node.running / node.max_workers },
      { text: formatNumber(node.queued), ...(node.queued === 0 && { tone: 'quiet' }) },
      { text: node.containers === null ? 'unknown' : formatNumber(node.containers) },
      { text: node.podman_version ?? 'unknown' },
      labels.length === 0 ? { text: 'none', tone: 'quiet' } : { text: labels.join(', ') },
      { text: node.status === 'offline' ? `${formatAge(node.last_seen, now)} ago` : 'now', tone: 'quiet' },
    ],
  };
}

/** @param {import('../shared/types.d.ts').Node} node @returns {import('../shared/types.d.ts').Cell} */
function statusCell({ status, podman }) {
  if (status === 'offline') return { text: 'offline', tone: 'bad' };
  if (podman === 'disconnected') return { text: `${status}, podman fails`, tone: 'bad' };
  return status === 'draining' ? { text: 'draining', tone: 'warn' } : { text: 'ready', tone: 'good' };
}
