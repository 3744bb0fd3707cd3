import { request } from '../shared/api.js';
import { element, setText } from '../shared/table.js';
import { openContainer } from './container.js';

const dialog = element('#job', HTMLDialogElement);
const content = element('#job pre', HTMLPreElement);
// Long texts can be scrolled with the keyboard.
content.tabIndex = 0;

/**
 * Shows the JSON of a job, or the log of a container, in a dialog when its link is clicked. Browsers send no token with a link, so the
 * link itself, such as in another tab, works only if the API requires none.
 * @param {() => void} onContainer called when the dialog of a container has been opened
 */
export function showDetailsWhenClicked(onContainer) {
  document.addEventListener('click', event => {
    const link = event.target instanceof Element ? event.target.closest('td a, th a') : null;
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!link.pathname.startsWith('/api/v1/')) return;
    event.preventDefault();
    const path = link.pathname.replace('/api/v1/', '');
    if (!path.startsWith('containers/')) void show(path);
    else {
      openContainer(link.textContent ?? '', path);
      onContainer();
    }
  });
  element('#job button', HTMLButtonElement).addEventListener('click', () => dialog.close());
}

/** Loads a job and opens the dialog. @param {string} path below the base path */
async function show(path) {
  const text = await request(path).then(
    ({ body }) => JSON.stringify(body, null, 2),
    error => String(error.message),
  );
  setText(content, text);
  dialog.showModal();
}
