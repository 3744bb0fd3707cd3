// The overview page: polls the public API while the page is visible, and shows the state of the service.
import { ApiUnavailable, request, token } from './api.js';
import { closeContainer, containerResources, showContainer } from './container.js';
import { list, loadListIfNeeded, onListRequested, showContainers } from './containers.js';
import { showFigures } from './figures.js';
import { clock } from './format.js';
import { showDetailsWhenClicked } from './job.js';
import { forgetJobs, newest, older, showJobs } from './jobs.js';
import { showNodes } from './nodes.js';
import { createResource } from './resource.js';
import { element, setText } from './table.js';

/** Pause between two updates. It doubles up to the maximum while the API does not respond. */
const pauseMs = 2000;
const maxPauseMs = 16_000;

/** @type {import('./types.d.ts').PolledResource<{nodes: readonly import('./types.d.ts').Node[]}>} */
const nodes = createResource('nodes', 0);
/** @type {import('./types.d.ts').PolledResource<import('./types.d.ts').Figures>} */
const figures = createResource('metrics', 5000);
const resources = [nodes, figures, newest, ...older];

const status = element('#status', HTMLElement);
const form = element('#token', HTMLFormElement);
const field = element('#token input', HTMLInputElement);
const forget = element('#forget', HTMLButtonElement);
const parts = element('#parts', HTMLElement);

/** @type {Readonly<Record<import('./types.d.ts').Health['status'], string>>} */
const meanings = {
  healthy: 'Healthy: podman works on every node.',
  degraded: 'Degraded: a node is offline, or a worker cannot run podman.',
  unhealthy: 'Unhealthy: no node can run jobs.',
};

/** @param {string} state @param {string} text */
function showStatus(state, text) {
  status.dataset['state'] = state;
  // Screen readers announce each change.
  setText(status, text);
  document.title = `podman-api: ${state}`;
}

/** Loads what is due and shows it. @throws {ApiUnavailable} */
async function update() {
  /** @type {Awaited<ReturnType<typeof request<import('./types.d.ts').Health>>>} */
  const { body: health } = await request('health');
  if (!(health.status in meanings)) throw new ApiUnavailable('The response is not from the API.');
  const authorized = health.warnings !== undefined;
  if (authorized) await Promise.all([...resources, ...containerResources()].filter(({ due }) => due).map(resource => resource.load()));
  if (authorized) await loadListIfNeeded(nodes.body?.nodes);
  showStatus(health.status, meanings[health.status]);
  setText(element('#as-of', HTMLElement), `as of ${clock(new Date())}`);
  showWarnings(health.warnings ?? []);
  showPartsOrForm(authorized);
  if (authorized) show(Date.parse(health.timestamp));
}

/** @param {number} now time of the API's clock */
function show(now) {
  showNodes(nodes.body?.nodes, nodes.problem, now);
  showJobs(now);
  showContainers(nodes.body?.nodes, now);
  showContainer();
  showFigures(figures.body, figures.problem);
}

/** @param {readonly string[]} warnings */
function showWarnings(warnings) {
  const place = element('#warnings', HTMLElement);
  place.hidden = warnings.length === 0;
  place.replaceChildren(
    ...warnings.map(warning => {
      const item = document.createElement('li');
      item.textContent = warning;
      return item;
    }),
  );
}

/** Shows the parts of the page, or the form for a token. @param {boolean} authorized whether the API accepts the token */
function showPartsOrForm(authorized) {
  const opened = !authorized && form.hidden;
  parts.hidden = !authorized;
  form.hidden = authorized;
  if (authorized) setText(element('#token .note', HTMLElement), '');
  else if (token.text !== '') {
    setText(element('#token .note', HTMLElement), 'This token is unknown, revoked or expired.');
    switchToken('');
  }
  forget.hidden = token.text === '';
  if (opened) field.focus();
}

/** Discards all data and uses another token. @param {string} text */
function switchToken(text) {
  token.text = text;
  for (const resource of [...resources, list]) resource.reset();
  closeContainer();
  forgetJobs();
}

/** Token to use from the next update on. @type {string | undefined} */
let nextToken;
/** Ends the pause before the next update. */
let wake = Promise.withResolvers();

/** @param {string} text */
function submitToken(text) {
  nextToken = text;
  wake.resolve(undefined);
}

/** Resolves when the page is visible. */
async function untilVisible() {
  while (document.hidden) await new Promise(resolve => document.addEventListener('visibilitychange', resolve, { once: true }));
}

form.addEventListener('submit', event => {
  event.preventDefault();
  submitToken(field.value.trim());
  field.value = '';
});
forget.addEventListener('click', () => submitToken(''));
onListRequested(() => wake.resolve(undefined));
showDetailsWhenClicked(() => wake.resolve(undefined));

/** Time of the first failed update. @type {Date | undefined} */
let unavailableSince;
let waitMs = pauseMs;
for (;;) {
  await untilVisible();
  wake = Promise.withResolvers();
  if (nextToken !== undefined) switchToken(nextToken);
  nextToken = undefined;
  const began = new Date();
  try {
    await update();
    unavailableSince = undefined;
    waitMs = pauseMs;
  } catch (error) {
    if (!(error instanceof ApiUnavailable)) {
      showStatus('unavailable', 'This page has failed. Reload it.');
      throw error;
    }
    unavailableSince ??= began;
    showStatus('unavailable', `The API has not responded since ${clock(unavailableSince)}.`);
    waitMs = Math.min(waitMs * 2, maxPauseMs);
  }
  await Promise.race([wake.promise, new Promise(resolve => setTimeout(resolve, waitMs))]);
}
