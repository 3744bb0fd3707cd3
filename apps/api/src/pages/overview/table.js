// Fills tables, and changes only what has changed: a reader's focus and selection stay where they are.

/**
 * @param {string} id of its section, which has a table, and beside that a `.note` and an `.empty`
 * @returns a part of the page that shows rows
 */
export function createTable(id) {
  const section = element(`#${id}`, HTMLElement);
  const table = element(`#${id} table`, HTMLTableElement);
  const note = element(`#${id} .note`, HTMLElement);
  const empty = element(`#${id} .empty`, HTMLElement);
  const titles = [...table.querySelectorAll('thead th')].map(cell => cell.textContent);
  // On narrow screens rows are stacked, and a table that is not laid out as one is none to a screen reader but by these.
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
     * @param {readonly import('./types.d.ts').Row[] | undefined} rows nothing where they are not known
     * @param {string} problem why they are not known, or are old
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
  const wanted = new Set(rows.map(({ key }) => key));
  const there = new Map([...body.rows].map(row => [row.dataset['key'], row]));
  for (const [key = '', row] of there) if (!wanted.has(key)) row.remove();
  for (const [index, { key, cells }] of rows.entries()) {
    const row = there.get(key) ?? newRow(key, titles);
    if (body.rows[index] !== row) body.insertBefore(row, body.rows[index] ?? null);
    for (const [place, cell] of cells.entries()) fillCell(row.cells[place], cell);
  }
}

/** @param {string} key @param {readonly string[]} titles */
function newRow(key, titles) {
  const row = document.createElement('tr');
  row.setAttribute('role', 'row');
  row.dataset['key'] = key;
  for (const [place, title] of titles.entries()) {
    const cell = document.createElement(place === 0 ? 'th' : 'td');
    if (place === 0) cell.scope = 'row';
    cell.setAttribute('role', place === 0 ? 'rowheader' : 'cell');
    cell.dataset['title'] = title;
    row.append(cell);
  }
  return row;
}

/** @param {HTMLTableCellElement | undefined} place @param {import('./types.d.ts').Cell} cell */
function fillCell(place, { text, href, tone, share }) {
  if (!place) return;
  const value = place.firstElementChild ?? document.createElement(href === undefined ? 'span' : 'a');
  if (!value.parentNode) place.append(value);
  setText(value, text);
  value.className = tone === undefined ? '' : `tone ${tone}`;
  if (value instanceof HTMLAnchorElement && href !== undefined) value.href = href;
  place.classList.toggle('bar', share !== undefined);
  if (share !== undefined) place.style.setProperty('--share', String(Math.min(share, 1)));
}

/** Writes a text where another stood: never as HTML. @param {Element} place @param {string} text */
export function setText(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/**
 * The part of the page that a selector names.
 * @template {Element} Kind
 * @param {string} selector
 * @param {new () => Kind} kind
 */
export function element(selector, kind) {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`the page has no ${selector}`);
  return found;
}
