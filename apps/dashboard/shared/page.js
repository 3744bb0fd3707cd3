// Keeps a page up to date while it is visible: the state of the service, the token, and what the page itself loads and shows.
import { ApiUnavailable, request, token } from './api.js';
import { formatTime } from './format.js';
import { element, setText } from './table.js';

/** Pause between two updates. It doubles up to the maximum while the API does not respond. */
const pauseMs = 2000;
const maxPauseMs = 16_000;

const status = element('#status', HTMLElement);
const form = element('#token', HTMLFormElement);
const field = element('#token input', HTMLInputElement);
const forget = element('#forget', HTMLButtonElement);
const parts = element('#parts', HTMLElement);

/** @type {Readonly<Record<import('./types.d.ts').Health['status'], string>>} */
const statusTexts = {
  healthy: 'Healthy: podman works on every node.',
  degraded: 'Degraded: jobs can run, but something needs attention.',
  unhealthy: 'Unhealthy: no node can run jobs.',
};

/** Token to use from the next update on. @type {string | undefined} */
let nextToken;
/** Resolved to end the pause before the next update. */
let nextUpdate = Promise.withResolvers();

/** Starts the next update now. */
export function updateNow() {
  nextUpdate.resolve(undefined);
}

/**
 * Updates a page while it is visible. Never resolves.
 * @param {import('./types.d.ts').LivePage} page
 * @throws {Error} if the page itself fails
 */
export async function runPage(page) {
  for (const link of document.querySelectorAll('nav a')) {
    if (link instanceof HTMLAnchorElement && link.pathname === location.pathname) link.setAttribute('aria-current', 'page');
  }
  form.addEventListener('submit', event => {
    event.preventDefault();
    submitToken(field.value.trim());
    field.value = '';
  });
  forget.addEventListener('click', () => submitToken(''));

  /** Time of the first failed update. @type {Date | undefined} */
  let unavailableSince;
  let waitMs = pauseMs;
  for (;;) {
    await untilVisible();
    nextUpdate = Promise.withResolvers();
    if (nextToken !== undefined) switchToken(page, nextToken);
    nextToken = undefined;
    const startedAt = new Date();
    try {
      await update(page);
      unavailableSince = undefined;
      waitMs = pauseMs;
    } catch (error) {
      if (!(error instanceof ApiUnavailable)) {
        showStatus(page, 'unavailable', 'This page has failed: reload it.');
        throw error;
      }
      unavailableSince ??= startedAt;
      showStatus(page, 'unavailable', `The API has not responded since ${formatTime(unavailableSince)}.`);
      waitMs = Math.min(waitMs * 2, maxPauseMs);
    }
    await Promise.race([nextUpdate.promise, new Promise(resolve => setTimeout(resolve, waitMs))]);
  }
}

/** Loads what is due and shows it. @param {import('./types.d.ts').LivePage} page @throws {ApiUnavailable} */
async function update(page) {
  /** @type {Awaited<ReturnType<typeof request<import('./types.d.ts').Health>>>} */
  const { body: health } = await request('health');
  if (!(health.status in statusTexts)) throw new ApiUnavailable('The response is not from the API.');
  const isAuthorized = health.warnings !== undefined;
  if (isAuthorized) await page.load();
  showStatus(page, health.status, statusTexts[health.status]);
  setText(element('#as-of', HTMLElement), `as of ${formatTime(new Date())}`);
  showWarnings(health.warnings ?? []);
  showPartsOrForm(page, isAuthorized);
  if (isAuthorized) page.show(Date.parse(health.timestamp));
}

/** @param {import('./types.d.ts').LivePage} page @param {string} state @param {string} text */
function showStatus({ title }, state, text) {
  status.dataset['state'] = state;
  // Screen readers announce each change.
  setText(status, text);
  document.title = `${title}: ${state}`;
}

/** @param {readonly string[]} warnings */
function showWarnings(warnings) {
  const list = element('#warnings', HTMLElement);
  list.hidden = warnings.length === 0;
  list.replaceChildren(
    ...warnings.map(warning => {
      const item = document.createElement('li');
      item.textContent = warning;
      return item;
    }),
  );
}

/**
 * Shows the parts of the page, or the form for a token.
 * @param {import('./types.d.ts').LivePage} page
 * @param {boolean} isAuthorized whether the API accepts the token
 */
function showPartsOrForm(page, isAuthorized) {
  const opened = !isAuthorized && form.hidden;
  parts.hidden = !isAuthorized;
  form.hidden = isAuthorized;
  if (isAuthorized) setText(element('#token .note', HTMLElement), '');
  else if (token.text !== '') {
    setText(element('#token .note', HTMLElement), 'This token is unknown, revoked or expired.');
    switchToken(page, '');
  }
  forget.hidden = token.text === '';
  if (opened) field.focus();
}

/** Discards all data and uses another token. @param {import('./types.d.ts').LivePage} page @param {string} text */
function switchToken(page, text) {
  token.text = text;
  page.reset();
}

/** @param {string} text */
function submitToken(text) {
  nextToken = text;
  updateNow();
}

/** Resolves when the page is visible. */
async function untilVisible() {
  while (document.hidden) await new Promise(resolve => document.addEventListener('visibilitychange', resolve, { once: true }));
}
