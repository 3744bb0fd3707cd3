import { newest } from './jobs.js';
import { createQuestion } from './question.js';
import { createTable, element, setText } from './table.js';
import { age, clock, counted, number } from './words.js';

/** @typedef {import('./types.d.ts').Container} Container */

/**
 * A list of containers makes a job on each node, and at 1,000 nodes takes the API a second (docs/fleet.md). So it is asked
 * for when the nodes' counts or the jobs tell that something has changed, and else twice a minute, for what ends by itself
 * tells nobody; where there are more containers than these, only when a person asks.
 */
const few = 500;
const idle = 30_000;
const changes = ['container.create', 'container.start', 'container.stop', 'container.remove'];
/** How many are shown. */
const most = 100;

/**
 * Not sooner than after so many ms, however much happens.
 * @type {import('./types.d.ts').Question<{containers: readonly Container[], unreachable: readonly string[]}>}
 */
export const list = createQuestion('containers', 4000, () => {
  at = new Date();
});

let at = new Date(0);
/** What the list was asked for at. */
let seen = '';
/** Whether a person wants it, whatever it costs. */
let wanted = false;

const table = createTable('containers');
const button = element('#containers button', HTMLButtonElement);

/** @param {readonly import('./types.d.ts').Node[] | undefined} nodes */
export async function askForList(nodes) {
  const sign = signOf(nodes);
  const stale = list.body === undefined || sign !== seen || Date.now() - at.getTime() > idle;
  if (!wanted && !(list.due && stale && totalOf(nodes) <= few)) return;
  wanted = false;
  await list.ask();
  if (list.problem === '') seen = sign;
}

/** @param {readonly import('./types.d.ts').Node[] | undefined} nodes */
function totalOf(nodes) {
  return nodes ? nodes.reduce((sum, { containers }) => sum + (containers ?? 0), 0) : (list.body?.containers.length ?? 0);
}

/** Another text where something may have changed. @param {readonly import('./types.d.ts').Node[] | undefined} nodes */
function signOf(nodes) {
  const ends = newest.body?.jobs.flatMap(job => (changes.includes(job.operation) ? [job.finished_at ?? ''] : []));
  return JSON.stringify([nodes?.map(({ name, status, containers }) => [name, status, containers]), ends?.sort().at(-1)]);
}

/** @param {readonly import('./types.d.ts').Node[] | undefined} nodes @param {number} now */
export function showContainers(nodes, now) {
  const { containers, unreachable = [] } = list.body ?? {};
  const newestFirst = [...(containers ?? [])].sort((one, other) => other.created.localeCompare(one.created));
  table.show(containers && newestFirst.slice(0, most).map(container => rowOf(container, now)), list.problem);
  const total = totalOf(nodes);
  const many = total > few;
  button.hidden = !many;
  button.disabled = wanted;
  setText(button, `List all ${number(total)} now`);
  const more = newestFirst.length - most;
  setText(
    element('#containers .more', HTMLElement),
    [
      many && 'There are too many to list them all the time.',
      many && containers && `This list is of ${clock(at)}.`,
      more > 0 && `And ${counted(more, 'older container')}.`,
      unreachable.length > 0 && `What is on ${unreachable.join(', ')} is missing here: there was no answer.`,
    ]
      .filter(Boolean)
      .join(' '),
  );
  setText(element('#statuses', HTMLElement), statusesOf(newestFirst));
}

/** @param {readonly Container[]} containers */
function statusesOf(containers) {
  const counts = Map.groupBy(containers, ({ status }) => status);
  return [...counts].map(([status, { length }]) => `${number(length)} ${status}`).join(', ');
}

/** @param {Container} container @param {number} now @returns {import('./types.d.ts').Row} */
function rowOf({ id, name, image, status, node, created, exit_code }, now) {
  return {
    key: `${node} ${id}`,
    cells: [
      { text: name },
      { text: exit_code === null ? status : `${status} (${exit_code})`, tone: toneOf(status, exit_code) },
      { text: image },
      { text: node },
      { text: age(created, now), tone: 'quiet' },
    ],
  };
}

/** @param {string} status @param {number | null} exitCode @returns {import('./types.d.ts').Cell['tone']} */
function toneOf(status, exitCode) {
  if (status === 'running') return 'good';
  return exitCode === null || exitCode === 0 ? 'quiet' : 'warn';
}

/** @param {() => void} look looks at once */
export function onListWanted(look) {
  button.addEventListener('click', () => {
    wanted = true;
    button.disabled = true;
    look();
  });
}
