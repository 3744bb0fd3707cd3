// Fills tables. Changes only cells with a new text, so that focus and selection are kept.

/**
 * Prepares the table of a section.
 * @param {string} id of the section, which also has elements `.note` and `.empty`
 * @returns a function that shows rows
 */
export function createTable(id) {
  const section = element(`#${id}`, HTMLElement);
  const table = element(`#${id} table`, HTMLTableElement);
  const note = element(`#${id} .note`, HTMLElement);
  const empty = element(`#${id} .empty`, HTMLElement);
  const titles = [...table.querySelectorAll('thead th')].map(cell => cell.textContent);
  // Narrow screens stack the cells of a row, and without table layout screen readers need these roles.
  for (const [selector, role] of /** @type {const} */ ([
    ['thead, tbody', 'rowgroup'],
    ['thead tr', 'row'],
    ['thead th', 'columnheader'],
  ])) {
    for (const part of table.querySelectorAll(selector)) part.setAttribute('role', role);
  }
  table.setAttribute('role', 'table');

  return {
    section,
    /**
     * @param {readonly import('./types.d.ts').Row[] | undefined} rows `undefined` if they are unknown
     * @param {string} problem why they are unknown or old; empty if they are neither
     */
    show(rows, problem) {
      setText(note, problem === '' ? '' : `${rows ? 'Not up to date' : 'Not shown'}: ${problem}`);
      table.hidden = !rows || rows.length === 0;
      empty.hidden = !rows || rows.length > 0;
      fill(table, titles, rows ?? []);
    },
  };
}

/** @param {HTMLTableElement} table @param {readonly string[]} titles @param {readonly import('./types.d.ts').Row[]} rows */
function fill(table, titles, rows) {
  const body = table.tBodies[0] ?? table.createTBody();
  const newKeys = new Set(rows.map(({ key }) => key));
  const oldRows = new Map([...body.rows].map(row => [row.dataset['key'], row]));
  for (const [key = '', row] of oldRows) if (!newKeys.has(key)) row.remove();
  for (const [index, { key, cells }] of rows.entries()) {
    const row = oldRows.get(key) ?? newRow(key, titles);
    if (body.rows[index] !== row) body.insertBefore(row, body.rows[index] ?? null);
    for (const [column, cell] of cells.entries()) fillCell(row.cells[column], cell);
  }
}

/** @param {string} key @param {readonly string[]} titles */
function newRow(key, titles) {
  const row = document.createElement('tr');
  row.setAttribute('role', 'row');
  row.dataset['key'] = key;
  for (const [column, title] of titles.entries()) {
    const cell = document.createElement(column === 0 ? 'th' : 'td');
    if (column === 0) cell.scope = 'row';
    cell.setAttribute('role', column === 0 ? 'rowheader' : 'cell');
    cell.dataset['title'] = title;
    row.append(cell);
  }
  return row;
}

/** @param {HTMLTableCellElement | undefined} target @param {import('./types.d.ts').Cell} cell */
function fillCell(target, { text, href, onClick, label, tone, share }) {
  if (!target) return;
  const kind = onClick ? 'button' : href === undefined ? 'span' : 'a';
  const current = target.firstElementChild;
  const value = current?.localName === kind ? current : document.createElement(kind);
  if (value !== current) target.replaceChildren(value);
  setText(value, text);
  value.className = tone === undefined ? '' : `tone ${tone}`;
  if (label !== undefined) value.setAttribute('aria-label', label);
  if (value instanceof HTMLAnchorElement && href !== undefined) value.href = href;
  if (value instanceof HTMLButtonElement && onClick) Object.assign(value, { type: 'button', onclick: onClick });
  target.classList.toggle('bar', share !== undefined);
  if (share !== undefined) target.style.setProperty('--share', String(Math.min(share, 1)));
}

/** Replaces the text of an element; never interprets HTML. @param {Element} target @param {string} text */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/**
 * Returns the element of a selector.
 * @throws {Error} if the page has none of this type
 * @template {Element} Kind
 * @param {string} selector
 * @param {new () => Kind} kind
 */
export function element(selector, kind) {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`the page has no element ${selector}`);
  return found;
}
