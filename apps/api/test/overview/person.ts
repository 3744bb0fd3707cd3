import { until } from '@podman-api/testing';
import type { Visit } from '@podman-api/testing/visit';

/** What an expression is in the page. It is a text, for here there are no types of a page. */
export const ask = async ({ page }: Visit, expression: string): Promise<string> => String(await page.evaluate(`String(${expression})`));

/** What a person reads in a part of the page. */
export const textOf = (visited: Visit, selector: string) => ask(visited, `document.querySelector('${selector}').innerText`);

/** Waits until a row of a table holds all of some texts. */
export const rowWith = (visited: Visit, id: string, ...texts: string[]) => until(() => hasRow(visited, id, texts));

/** Whether a row of a table holds all of some texts. */
export const hasRow = async (visited: Visit, id: string, texts: readonly string[]) => {
  const rows = (await ask(visited, `[...document.querySelectorAll('#${id} tbody tr')].map(row => row.innerText).join('\\0')`)).split('\0');
  return rows.some(row => texts.every(text => row.includes(text)));
};

/** Types a token, and sends it. */
export async function sendToken({ page }: Visit, token: string): Promise<void> {
  await page.waitForSelector('#token input', { visible: true });
  await page.focus('#token input');
  await page.keyboard.sendCharacter(token);
  await page.keyboard.press('Enter');
}
