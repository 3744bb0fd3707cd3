// The page of images, volumes and networks: lists, removes, prunes and pulls them by the public API.
import { request, token } from '../shared/api.js';
import { runPage, updateNow } from '../shared/page.js';
import { element } from '../shared/table.js';
import { closeConfirm } from './confirm.js';
import { images, networks, volumes } from './kinds.js';
import { forgetPulls, pullWhenSubmitted, showNodes } from './pull.js';
import { createSection } from './section.js';

const imageSection = createSection(images);
const sections = [imageSection, createSection(volumes), createSection(networks)];
const filter = element('#filter', HTMLInputElement);

/** Scopes of the token; `undefined` if they are unknown, and all of them without a token. @type {readonly string[] | undefined} */
let scopes;

/** Loads the scopes of the token, which never change. */
async function loadScopes() {
  if (scopes) return;
  if (token.text === '') {
    scopes = ['admin'];
    return;
  }
  /** @type {Awaited<ReturnType<typeof request<import('../shared/types.d.ts').ApiResponse & {token?: {scopes: readonly string[]}}>>>} */
  const { status, body } = await request('tokens/self');
  // 404: the service uses no tokens.
  scopes = status === 404 ? ['admin'] : body.token?.scopes;
}

/** @param {string} scope */
const canChange = scope => scopes?.some(granted => granted === scope || granted === 'admin') ?? false;

filter.addEventListener('input', updateNow);
element('#refresh', HTMLButtonElement).addEventListener('click', () => {
  for (const section of sections) section.expire();
  updateNow();
});
pullWhenSubmitted(() => {
  imageSection.expire();
  updateNow();
});

await runPage({
  title: 'podman-api resources',
  async load() {
    await Promise.all([loadScopes(), ...sections.filter(({ isDue }) => isDue).map(section => section.load())]);
  },
  show(now) {
    for (const section of sections) section.show(now, filter.value.trim(), canChange);
    showNodes([...new Set(sections.flatMap(({ nodes }) => nodes))].sort());
  },
  reset() {
    scopes = undefined;
    for (const section of sections) section.reset();
    forgetPulls();
    closeConfirm();
  },
});
