import { ask } from './ask.js';
import { element, setText } from './table.js';

const dialog = element('#job', HTMLDialogElement);
const place = element('#job pre', HTMLPreElement);
// It may be long, and is scrolled by the keyboard.
place.tabIndex = 0;

/**
 * Shows a job as the API tells of it when its link is followed: the link itself is for another tab, and works there where no
 * token is wanted, which a browser sends for no link.
 */
export function showJobsWhenClicked() {
  document.addEventListener('click', event => {
    const link = event.target instanceof Element ? event.target.closest('td a, th a') : null;
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void show(link.pathname.replace('/api/v1/', ''));
  });
  element('#job button', HTMLButtonElement).addEventListener('click', () => dialog.close());
}

/** @param {string} path below the base path */
async function show(path) {
  const text = await ask(path).then(
    ({ body }) => JSON.stringify(body, null, 2),
    error => String(error.message),
  );
  setText(place, text);
  dialog.showModal();
}
