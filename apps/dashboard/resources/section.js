import { ApiUnavailable, request } from '../shared/api.js';
import { formatCount } from '../shared/format.js';
import { updateNow } from '../shared/page.js';
import { createResource } from '../shared/resource.js';
import { createTable, element, setText } from '../shared/table.js';
import { confirmChange } from './confirm.js';

/** A list runs podman on each node. Changes on this page load it at once. */
const pauseMs = 30_000;
/** Number of rows that are shown. */
const maxRows = 200;
/** Numeric order: disk-2 before disk-10. */
const byName = new Intl.Collator('en', { numeric: true });

/**
 * Fills a section with the elements that all sections have. Elements that only one section has stay between its note and its results.
 * @param {string} id
 * @param {Pick<import('./types.d.ts').ResourceKind<unknown>, 'title' | 'caption' | 'columns'>} kind
 */
function fillSection(id, { title, caption, columns }) {
  const section = element(`#${id}`, HTMLElement);
  const content = document.importNode(element('#section-template', HTMLTemplateElement).content, true);
  const [heading, note] = content.children;
  if (heading && note) section.prepend(heading, note);
  section.append(content);
  element(`#${id} h2`, HTMLElement).id = `${id}-title`;
  const texts = { h2: title, '.empty': `There are no ${id}.`, caption, '.prune': `Prune ${id}` };
  for (const [selector, text] of Object.entries(texts)) setText(element(`#${id} ${selector}`, HTMLElement), text);
  element(`#${id} thead tr`, HTMLElement).append(...columns.map(createColumnHeader));
}

/** @param {string} title */
function createColumnHeader(title) {
  const cell = document.createElement('th');
  cell.scope = 'col';
  cell.textContent = title;
  return cell;
}

/**
 * Prepares a section of the page.
 * @template Item
 * @param {import('./types.d.ts').ResourceKind<Item>} kind
 * @returns {import('./types.d.ts').ResourceSection}
 */
export function createSection(kind) {
  const id = `${kind.noun}s`;
  fillSection(id, kind);
  const table = createTable(id);
  const result = element(`#${id} .result`, HTMLElement);
  const problem = element(`#${id} .problem`, HTMLElement);
  const pruneButton = element(`#${id} .prune`, HTMLButtonElement);
  /** @type {import('./types.d.ts').Entry[]} */
  let entries = [];
  /** @type {import('../shared/types.d.ts').PolledResource<Record<string, readonly Item[]> & {unreachable: readonly string[]}>} */
  const list = createResource(id, pauseMs, body => {
    entries = (body[id] ?? [])
      .flatMap(kind.toEntries)
      .sort((one, other) => byName.compare(one.name, other.name) || byName.compare(one.node, other.node));
  });

  /**
   * Sends a change and shows its result, or the error as the API reports it.
   * @param {string} path @param {import('../shared/types.d.ts').RequestOptions} options @param {(body: Changed) => string} describe
   */
  async function change(path, options, describe) {
    setText(result, '');
    setText(problem, '');
    try {
      /** @type {Awaited<ReturnType<typeof request<Changed>>>} */
      const { status, body } = await request(path, options);
      if (status === 200) setText(result, describe(body));
      else setText(problem, body.error?.message ?? `The API responded with status ${status}.`);
    } catch (error) {
      if (!(error instanceof ApiUnavailable)) throw error;
      setText(problem, 'The API does not respond: the change may have been made.');
    }
    list.expire();
    updateNow();
  }

  /** @param {import('./types.d.ts').Removal} removal */
  function confirmRemoval({ path, name, node, consequence }) {
    const question = {
      title: `Remove the ${kind.noun}?`,
      text: `Remove the ${name} from the node ${node}? ${consequence}`,
      button: 'Remove',
    };
    confirmChange(question, () => change(path, { method: 'DELETE' }, () => `Removed the ${name} from the node ${node}.`));
  }

  pruneButton.addEventListener('click', () => {
    const { question, bodyOf, describe, ...options } = kind.prune;
    confirmChange({ title: `Prune ${id}?`, text: question, button: 'Prune', ...options }, isOptionChosen =>
      change(`${id}/prune`, { method: 'POST', body: bodyOf(isOptionChosen) }, body => {
        const removed = body[id] ?? [];
        const missing = body.unreachable ?? [];
        const text = removed.length === 0 ? `No ${kind.noun} was unused: nothing was removed.` : describe(removed);
        return missing.length === 0 ? text : `${text} No response from ${missing.join(', ')}.`;
      }),
    );
  });

  return {
    load: () => list.load(),
    expire: () => list.expire(),
    get isDue() {
      return list.isDue;
    },
    get nodes() {
      return entries.map(({ node }) => node);
    },
    show(now, filter, canChange) {
      const isChangeable = canChange(kind.writeScope);
      const matching = entries.filter(({ name, node }) => name.includes(filter) || node.includes(filter));
      const rows = matching.slice(0, maxRows).map(({ key, cells, removal }) => ({
        key,
        cells: [
          ...cells(now),
          { text: 'Remove', label: `Remove ${removal.name} on ${removal.node}`, onClick: () => confirmRemoval(removal) },
        ],
      }));
      table.show(list.body && rows, list.problem);
      table.section.classList.toggle('is-read-only', !isChangeable);
      for (const part of table.section.querySelectorAll('.changes')) {
        if (part instanceof HTMLElement) part.hidden = !isChangeable || !list.body;
      }
      const hiddenCount = matching.length - maxRows;
      const unreachable = list.body?.unreachable ?? [];
      const texts = [
        hiddenCount > 0 && `And ${formatCount(hiddenCount, 'more row')}: filter by name or node to see them.`,
        unreachable.length > 0 && `No response from ${unreachable.join(', ')}: ${id} there are missing from this list.`,
      ];
      setText(element(`#${id} .more`, HTMLElement), texts.filter(Boolean).join(' '));
    },
    reset() {
      list.reset();
      entries = [];
      setText(result, '');
      setText(problem, '');
    },
  };
}

/**
 * Response to a change: a list of what was removed, under its noun.
 * @typedef {import('../shared/types.d.ts').ApiResponse & Partial<Record<string, readonly import('./types.d.ts').Pruned[]>>
 *   & {unreachable?: readonly string[]}} Changed
 */
