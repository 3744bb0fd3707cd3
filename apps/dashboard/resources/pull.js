import { request } from '../shared/api.js';
import { shorten } from '../shared/format.js';
import { element, setText } from '../shared/table.js';
import { followOutput } from './output.js';

const form = element('#pull', HTMLFormElement);
const nodeField = element('#pull select', HTMLSelectElement);
const pulls = element('#pulls', HTMLOListElement);
/** Number of ended pulls that stay in the list. */
const maxEndedPulls = 10;
const maxLineCharacters = 200;

/** Values of the field that are not nodes; names of nodes have no spaces. */
const placements = { any: 'least loaded', all: 'all nodes' };

/** Aborted when the token changes, which ends all streams. */
let followers = new AbortController();

/** @typedef {{id: string, node: string}} Job */
/** @typedef {{node: string, error: {message: string}}} Failure */
/** @typedef {import('../shared/types.d.ts').ApiResponse & {job?: Job, jobs?: readonly Job[], failed?: readonly Failure[]}} Submitted */

/**
 * Pulls an image when the form is sent.
 * @param {() => void} onPulled called after each pull that has succeeded
 */
export function pullWhenSubmitted(onPulled) {
  form.addEventListener('submit', event => {
    event.preventDefault();
    const reference = fieldOf('reference').value.trim();
    const username = fieldOf('username').value;
    const password = fieldOf('password').value;
    const { value } = nodeField;
    const body = {
      reference,
      ...(value === placements.all ? { all_nodes: true } : value === placements.any ? {} : { node: value }),
      ...((username !== '' || password !== '') && { credentials: { username, password } }),
    };
    fieldOf('password').value = '';
    void pull(reference, body, onPulled).catch(error => showProblem(error.message));
  });
}

/** @param {string} text */
function showProblem(text) {
  setText(element('#images .problem', HTMLElement), text);
}

/** @param {string} name */
function fieldOf(name) {
  return element(`#pull [name=${name}]`, HTMLInputElement);
}

/** @param {string} reference @param {object} body @param {() => void} onPulled */
async function pull(reference, body, onPulled) {
  showProblem('');
  /** @type {Awaited<ReturnType<typeof request<Submitted>>>} */
  const { status, body: submitted } = await request('images/pull', { method: 'POST', body, prefer: 'respond-async' });
  if (status !== 202) {
    showProblem(submitted.error?.message ?? `The API responded with status ${status}.`);
    return;
  }
  const jobs = submitted.jobs ?? (submitted.job ? [submitted.job] : []);
  for (const { node, error } of submitted.failed ?? []) createItem(reference, node).end(error.message, false);
  await Promise.all(jobs.map(job => follow(reference, job, onPulled)));
}

/** Shows the progress of a pull until it has ended. @param {string} reference @param {Job} job @param {() => void} onPulled */
async function follow(reference, { id, node }, onPulled) {
  const item = createItem(reference, node);
  const { signal } = followers;
  /** Layers that podman has named, and whether it has them. @type {Map<string, boolean>} */
  const layers = new Map();
  let rest = '';
  try {
    for await (const { event, text = '', status, message } of followOutput(id, signal)) {
      if (event === 'stderr') item.showLine(text);
      if (event === 'stdout') {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const progress = JSON.parse(line);
          layers.set(progress.layer, progress.status !== 'copying');
        }
        item.showLayers([...layers.values()].filter(Boolean).length, layers.size);
      }
      if (status !== undefined) item.end(message, status === 'succeeded');
      if (status === 'succeeded') onPulled();
    }
  } catch (error) {
    if (!signal.aborted) item.end(error instanceof Error ? error.message : String(error), false);
  }
}

/** Adds a pull to those that are shown. @param {string} reference @param {string} node */
function createItem(reference, node) {
  const item = document.createElement('li');
  const status = document.createElement('p');
  status.setAttribute('role', 'status');
  const bar = document.createElement('progress');
  bar.setAttribute('aria-label', `Layers of ${reference} on ${node}`);
  const line = document.createElement('p');
  line.className = 'hint';
  item.append(status, bar, line);
  pulls.prepend(item);
  const ended = [...pulls.children].filter(child => !child.querySelector('progress'));
  for (const child of ended.slice(maxEndedPulls)) child.remove();
  setText(status, `Pulling ${reference} on the node ${node}.`);
  return {
    /** Shows the last line of what podman prints. @param {string} text */
    showLine(text) {
      setText(line, shorten(text.trimEnd().split('\n').at(-1) ?? '', maxLineCharacters));
    },
    /** @param {number} done @param {number} total */
    showLayers(done, total) {
      bar.max = total;
      bar.value = done;
      setText(status, `Pulling ${reference} on the node ${node}: ${done} of ${total} layers.`);
    },
    /** @param {string | undefined} message @param {boolean} hasSucceeded */
    end(message, hasSucceeded) {
      bar.remove();
      line.remove();
      item.classList.toggle('failed', !hasSucceeded);
      const reason = message ?? 'The outcome of the job is not known.';
      setText(
        status,
        hasSucceeded ? `Pulled ${reference} on the node ${node}.` : `${reference} was not pulled on the node ${node}: ${reason}`,
      );
    },
  };
}

/** Offers the nodes of the fleet to pull on. @param {readonly string[]} nodes */
export function showNodes(nodes) {
  const values = [...Object.values(placements), ...nodes];
  const present = [...nodeField.options].map(({ value }) => value);
  if (values.join('\n') === present.join('\n')) return;
  const { value } = nodeField;
  nodeField.replaceChildren(...values.map(text => new Option(text, text)));
  nodeField.value = values.includes(value) ? value : placements.any;
}

/** Removes all pulls from the page when the token changes. Their jobs continue. */
export function forgetPulls() {
  followers.abort();
  followers = new AbortController();
  pulls.replaceChildren();
}
