// How the service stands, live: asks the public API while the page is looked at, and shows what it tells.
import { Away, ask, token } from './ask.js';
import { askForList, list, onListWanted, showContainers } from './containers.js';
import { showFigures } from './figures.js';
import { showJobsWhenClicked } from './job.js';
import { forgetJobs, newest, older, showJobs } from './jobs.js';
import { showNodes } from './nodes.js';
import { createQuestion } from './question.js';
import { element, setText } from './table.js';
import { clock } from './words.js';

/** Between two looks, in ms; while the API is away it doubles up to the other. */
const pause = 2000;
const longestPause = 16_000;

/** @type {import('./types.d.ts').Question<{nodes: readonly import('./types.d.ts').Node[]}>} */
const nodes = createQuestion('nodes', 0);
/** @type {import('./types.d.ts').Question<import('./types.d.ts').Figures>} */
const figures = createQuestion('metrics', 5000);
const questions = [nodes, figures, newest, ...older];

const status = element('#status', HTMLElement);
const form = element('#token', HTMLFormElement);
const field = element('#token input', HTMLInputElement);
const forget = element('#forget', HTMLButtonElement);
const parts = element('#parts', HTMLElement);

/** @type {Readonly<Record<import('./types.d.ts').Health['status'], string>>} */
const meanings = {
  healthy: 'Healthy: podman works on every node.',
  degraded: 'Degraded: a node is offline, or a worker can not work.',
  unhealthy: 'Unhealthy: nothing can work now.',
};

/** @param {string} state @param {string} text */
function say(state, text) {
  status.dataset['state'] = state;
  // It is read out when it changes, and only then.
  setText(status, text);
  document.title = `podman-api: ${state}`;
}

/** Asks what is to be asked now, and shows the answers. @throws {Away} */
async function look() {
  /** @type {Awaited<ReturnType<typeof ask<import('./types.d.ts').Health>>>} */
  const { body: health } = await ask('health');
  if (!(health.status in meanings)) throw new Away('Something else answers.');
  const known = health.warnings !== undefined;
  if (known) await Promise.all(questions.filter(({ due }) => due).map(question => question.ask()));
  if (known) await askForList(nodes.body?.nodes);
  say(health.status, meanings[health.status]);
  setText(element('#as-of', HTMLElement), `as of ${clock(new Date())}`);
  showWarnings(health.warnings ?? []);
  letIn(known);
  if (known) show(Date.parse(health.timestamp));
}

/** @param {number} now by the API's clock */
function show(now) {
  showNodes(nodes.body?.nodes, nodes.problem, now);
  showJobs(now);
  showContainers(nodes.body?.nodes, now);
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

/** Shows the parts, or asks for a token. @param {boolean} known whether the API tells us all */
function letIn(known) {
  const opened = !known && form.hidden;
  parts.hidden = !known;
  form.hidden = known;
  if (known) setText(element('#token .note', HTMLElement), '');
  else if (token.text !== '') {
    setText(element('#token .note', HTMLElement), 'This token is not known, was revoked or has expired.');
    change('');
  }
  forget.hidden = token.text === '';
  if (opened) field.focus();
}

/** Begins anew with another token. @param {string} text */
function change(text) {
  token.text = text;
  for (const question of [...questions, list]) question.reset();
  forgetJobs();
}

/** The token that is to be used from the next look on. @type {string | undefined} */
let other;
/** Ends the pause before the next look. */
let wake = Promise.withResolvers();

/** @param {string} text */
function use(text) {
  other = text;
  wake.resolve(undefined);
}

/** Resolves when somebody can see the page. */
async function seen() {
  while (document.hidden) await new Promise(resolve => document.addEventListener('visibilitychange', resolve, { once: true }));
}

form.addEventListener('submit', event => {
  event.preventDefault();
  use(field.value.trim());
  field.value = '';
});
forget.addEventListener('click', () => use(''));
onListWanted(() => wake.resolve(undefined));
showJobsWhenClicked();

/** @type {Date | undefined} */
let away;
let wait = pause;
for (;;) {
  await seen();
  wake = Promise.withResolvers();
  if (other !== undefined) change(other);
  other = undefined;
  const began = new Date();
  try {
    await look();
    away = undefined;
    wait = pause;
  } catch (error) {
    if (!(error instanceof Away)) {
      say('away', 'This page has failed: load it anew.');
      throw error;
    }
    away ??= began;
    say('away', `The API does not answer since ${clock(away)}.`);
    wait = Math.min(wait * 2, longestPause);
  }
  await Promise.race([wake.promise, new Promise(resolve => setTimeout(resolve, wait))]);
}
