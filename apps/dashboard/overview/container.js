import { formatCount, formatNumber } from '../shared/format.js';
import { createResource } from '../shared/resource.js';
import { element, setText } from '../shared/table.js';
import { list, terminalPath } from './containers.js';

/** Pause between two requests for the log and for the stats of the open container. */
const pauseMs = 2000;
/** Number of log lines that are shown. */
const lineCount = 200;

const dialog = element('#container', HTMLDialogElement);
const title = element('#container h2', HTMLHeadingElement);
const usage = element('#container .usage', HTMLElement);
const terminalLink = element('#container .terminal', HTMLAnchorElement);
const note = element('#container .note', HTMLElement);
const log = element('#container pre', HTMLPreElement);
// Long texts can be scrolled with the keyboard.
log.tabIndex = 0;

/**
 * The container of the open dialog, with its log and stats.
 * @typedef {object} OpenContainer
 * @property {import('../shared/types.d.ts').PolledResource<{container: {logs: string}}>} logs
 * @property {import('../shared/types.d.ts').PolledResource<{stats: import('../shared/types.d.ts').Stats}>} stats
 * @property {boolean} isRunning whether it ran when the containers were last listed
 */

/** @type {OpenContainer | undefined} */
let open;

/** Returns the resources of the open container; empty if the dialog is closed. A request for the stats of a stopped one would be a failed job. */
export function containerResources() {
  if (!open) return [];
  return open.isRunning && open.stats.problem === '' ? [open.logs, open.stats] : [open.logs];
}

/**
 * Opens the dialog of a container: the end of its log, and what it uses, updated while the dialog is open.
 * @param {string} name shown as the title
 * @param {string} path of the container, below the base path
 */
export function openContainer(name, path) {
  const listed = list.body?.containers.find(({ id }) => path.endsWith(`/${id}`));
  const isRunning = listed?.status === 'running';
  open = {
    logs: createResource(`${path}/logs?tail=${lineCount}`, pauseMs),
    stats: createResource(`${path}/stats`, pauseMs),
    isRunning,
  };
  terminalLink.hidden = !isRunning;
  if (listed) terminalLink.href = terminalPath(listed.name, listed.node);
  setText(title, name);
  showContainer();
  dialog.showModal();
}

/** Shows what has been loaded of the open container. */
export function showContainer() {
  if (!open) return;
  const { logs, stats, isRunning } = open;
  const text = stats.body ? formatUsage(stats.body.stats) : 'Loading.';
  setText(usage, isRunning ? stats.problem || text : 'The container is not running.');
  setText(note, logs.problem === '' ? '' : `${logs.body ? 'Not up to date' : 'Not shown'}: ${logs.problem}`);
  const isAtEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 1;
  setText(log, logs.body ? logs.body.container.logs || 'The log is empty.' : '');
  // A reader who has scrolled up stays there.
  if (isAtEnd) log.scrollTop = log.scrollHeight;
}

/** Forgets the open container when the token changes. */
export function closeContainer() {
  dialog.close();
}

/** @param {import('../shared/types.d.ts').Stats} stats */
function formatUsage({ cpu_percent, memory, memory_limit, pids }) {
  const limit = memory_limit === null ? '' : ` of ${mebibytes(memory_limit)}`;
  return `CPU ${cpu_percent.toFixed(1)} %, memory ${mebibytes(memory)}${limit}, ${formatCount(pids, 'process', 'processes')}`;
}

/** @param {number} bytes */
function mebibytes(bytes) {
  return `${formatNumber(Math.round(bytes / 1024 ** 2))} MiB`;
}

element('#container button', HTMLButtonElement).addEventListener('click', () => dialog.close());
dialog.addEventListener('close', () => {
  open = undefined;
});
