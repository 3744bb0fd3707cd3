import { until } from '@podman-api/testing';
import type { OpenPage } from '@podman-api/testing/browser';

/** Evaluates an expression in the page, where there are no types, and returns its value as a string. */
export const evaluate = async ({ page }: OpenPage, expression: string): Promise<string> =>
  String(await page.evaluate(`String(${expression})`));

/** Returns the visible text of an element. */
export const textOf = (overview: OpenPage, selector: string): Promise<string> =>
  evaluate(overview, `document.querySelector('${selector}').innerText`);

/** Waits until a row of a table contains all strings. */
export const waitForRow = (overview: OpenPage, table: string, ...texts: string[]) => until(() => hasRow(overview, table, texts));

/** Whether a row of a table contains all strings. */
export async function hasRow(overview: OpenPage, table: string, texts: readonly string[]): Promise<boolean> {
  const rows = await evaluate(overview, `[...document.querySelectorAll('#${table} tbody tr')].map(row => row.innerText).join('\\0')`);
  return rows.split('\0').some(row => texts.every(text => row.includes(text)));
}

/** Types a token and sends it. */
export async function sendToken({ page }: OpenPage, token: string): Promise<void> {
  await page.waitForSelector('#token input', { visible: true });
  await page.focus('#token input');
  await page.keyboard.sendCharacter(token);
  await page.keyboard.press('Enter');
}
