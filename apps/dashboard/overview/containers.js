import { formatAge, formatCount, formatNumber, formatTime } from '../shared/format.js';
import { createResource } from '../shared/resource.js';
import { createTable, element, setText } from '../shared/table.js';
import { newest } from './jobs.js';

/** @typedef {import('../shared/types.d.ts').Container} Container */

/**
 * A list of containers runs a job on each node and takes the API a second with 1,000 nodes (docs/fleet.md). So it is loaded
 * when the nodes' counts or the jobs show a change, and otherwise twice a minute, because containers that exit by themselves
 * change neither. With more containers than this, it is loaded only when the user asks for it.
 */
const maxAutomaticContainers = 500;
const maxAgeMs = 30_000;
const changingOperations = ['container.create', 'container.start', 'container.stop', 'container.remove'];
/** Number of containers that are shown. */
const maxRows = 100;

/**
 * Loaded every 4 s at most, however much changes.
 * @type {import('../shared/types.d.ts').PolledResource<{containers: readonly Container[], unreachable: readonly string[]}>}
 */
export const list = createResource('containers', 4000, () => {
  loadedAt = new Date();
});

/** Time of the last load. */
let loadedAt = new Date(0);
/** State of the nodes and jobs at the last load. */
let fingerprintAtLastLoad = '';
/** Whether the user has asked for the list. */
let isRequested = false;

const table = createTable('containers');
const button = element('#containers button', HTMLButtonElement);

/** @param {readonly import('../shared/types.d.ts').Node[] | undefined} nodes */
export async function loadListIfNeeded(nodes) {
  const fingerprint = stateFingerprint(nodes);
  const isStale = list.body === undefined || fingerprint !== fingerprintAtLastLoad || Date.now() - loadedAt.getTime() > maxAgeMs;
  if (!isRequested && !(list.isDue && isStale && countContainers(nodes) <= maxAutomaticContainers)) return;
  isRequested = false;
  await list.load();
  if (list.problem === '') fingerprintAtLastLoad = fingerprint;
}

/** @param {readonly import('../shared/types.d.ts').Node[] | undefined} nodes */
function countContainers(nodes) {
  return nodes ? nodes.reduce((sum, { containers }) => sum + (containers ?? 0), 0) : (list.body?.containers.length ?? 0);
}

/** Returns a string that differs if containers may have changed. @param {readonly import('../shared/types.d.ts').Node[] | undefined} nodes */
function stateFingerprint(nodes) {
  const finishTimes = newest.body?.jobs.flatMap(job => (changingOperations.includes(job.operation) ? [job.finished_at ?? ''] : []));
  return JSON.stringify([nodes?.map(({ name, status, containers }) => [name, status, containers]), finishTimes?.sort().at(-1)]);
}

/** @param {readonly import('../shared/types.d.ts').Node[] | undefined} nodes @param {number} now */
export function showContainers(nodes, now) {
  const { containers, unreachable = [] } = list.body ?? {};
  const newestFirst = [...(containers ?? [])].sort((one, other) => other.created.localeCompare(one.created));
  table.show(containers && newestFirst.slice(0, maxRows).map(container => rowOf(container, now)), list.problem);
  const total = countContainers(nodes);
  const hasTooMany = total > maxAutomaticContainers;
  button.hidden = !hasTooMany;
  button.disabled = isRequested;
  setText(button, `List all ${formatNumber(total)} now`);
  const hiddenCount = newestFirst.length - maxRows;
  setText(
    element('#containers .more', HTMLElement),
    [
      hasTooMany && 'There are too many containers to update this list automatically.',
      hasTooMany && containers && `Last updated at ${formatTime(loadedAt)}.`,
      hiddenCount > 0 && `And ${formatCount(hiddenCount, 'older container')}.`,
      unreachable.length > 0 && `No response from ${unreachable.join(', ')}: containers there are missing from this list.`,
    ]
      .filter(Boolean)
      .join(' '),
  );
  setText(element('#statuses', HTMLElement), formatStatusCounts(newestFirst));
}

/** @param {readonly Container[]} containers */
function formatStatusCounts(containers) {
  const counts = Map.groupBy(containers, ({ status }) => status);
  return [...counts].map(([status, { length }]) => `${formatNumber(length)} ${status}`).join(', ');
}

/** @param {Container} container @param {number} now @returns {import('../shared/types.d.ts').Row} */
function rowOf({ id, name, image, status, node, created, exit_code }, now) {
  return {
    key: `${node} ${id}`,
    cells: [
      { text: name, href: `/api/v1/containers/${id}` },
      { text: exit_code === null ? status : `${status} (${exit_code})`, tone: toneOf(status, exit_code) },
      { text: image },
      { text: node },
      { text: formatAge(created, now), tone: 'quiet' },
      status === 'running'
        ? { text: 'Open', href: terminalPath(name, node), label: `Open a terminal in ${name}` }
        : { text: 'not running', tone: 'quiet' },
    ],
  };
}

/** Returns the path of the page with a terminal in a container. @param {string} name @param {string} node */
export function terminalPath(name, node) {
  return `/terminal?${new URLSearchParams({ container: name, node })}`;
}

/** @param {string} status @param {number | null} exitCode @returns {import('../shared/types.d.ts').Cell['tone']} */
function toneOf(status, exitCode) {
  if (status === 'running') return 'good';
  return exitCode === null || exitCode === 0 ? 'quiet' : 'warn';
}

/** Calls back when the user asks for the list. @param {() => void} onRequest */
export function onListRequested(onRequest) {
  button.addEventListener('click', () => {
    isRequested = true;
    button.disabled = true;
    onRequest();
  });
}
