import { element, setText } from '../shared/table.js';

const dialog = element('#confirm', HTMLDialogElement);
const option = element('#confirm .option', HTMLElement);
const checkbox = element('#confirm .option input', HTMLInputElement);
const confirmButton = element('#confirm .confirm', HTMLButtonElement);

/** What to do if the open question is confirmed. @type {(isOptionChosen: boolean) => void} */
let onConfirm = () => {};

/**
 * Asks before a change.
 * @param {{title: string, text: string, button: string, option?: string}} question `option` is the text of a checkbox
 * @param {(isOptionChosen: boolean) => void} change called if the change is confirmed
 */
export function confirmChange(question, change) {
  setText(element('#confirm h2', HTMLElement), question.title);
  setText(element('#confirm .text', HTMLElement), question.text);
  setText(confirmButton, question.button);
  option.hidden = question.option === undefined;
  setText(element('#confirm .option span', HTMLElement), question.option ?? '');
  checkbox.checked = false;
  onConfirm = change;
  dialog.showModal();
}

/** Closes an open question when the token changes. */
export function closeConfirm() {
  dialog.close();
}

confirmButton.addEventListener('click', () => {
  dialog.close();
  onConfirm(checkbox.checked);
});
element('#confirm .cancel', HTMLButtonElement).addEventListener('click', () => dialog.close());
