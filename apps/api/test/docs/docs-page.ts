import { type OpenPage, openPage, type PageOptions } from '@podman-api/testing/browser';
import { expect } from 'vitest';
import { expectLegible, expectNoProblems, expectToFit } from '../pages/expect-page.ts';

/** Opens `/docs` and waits until it shows the operations. @param url of the API */
export async function openDocs(url: string, options?: PageOptions): Promise<OpenPage> {
  const docs = await openPage(`${url}/docs`, options);
  await docs.page.waitForSelector('.opblock');
  return docs;
}

/** Replaces the content of a field by typing. */
export async function write({ page }: OpenPage, selector: string, text: string): Promise<void> {
  await page.waitForSelector(selector);
  await page.focus(selector);
  await page.keyboard.down('Control');
  await page.keyboard.press('a');
  await page.keyboard.up('Control');
  await page.keyboard.sendCharacter(text);
}

/** Fills in an operation's form and sends it. @returns the response that the page shows */
export async function tryOut(docs: OpenPage, id: string, { name, body }: { name?: string; body?: object } = {}) {
  const { page } = docs;
  const block = `[id$="-${id}"]`;
  if (!(await page.$(`${block} .execute`))) await page.click(`${block} .opblock-summary-control`);
  await page.waitForSelector(`${block} .execute`);
  if (name !== undefined) await write(docs, `${block} tr[data-param-name="name"] input`, name);
  if (body) await write(docs, `${block} textarea`, JSON.stringify(body));
  // Removes an earlier response.
  if (await page.$(`${block} .btn-clear`)) await page.click(`${block} .btn-clear`);
  await page.click(`${block} .execute`);
  const shown = (selector: string) => page.waitForSelector(`${block} .live-responses-table tr.response ${selector}`);
  const textOf = async (selector: string) => String(await (await shown(selector))?.evaluate(node => node.textContent));
  const status = await textOf('.response-col_status');
  const response: unknown = JSON.parse(await textOf('.response-col_description .highlight-code code'));
  return { status: status.trim().slice(0, 3), response };
}

/** Expects that all of the page fits, has the wanted color scheme, can be read, and came from one origin without problems. */
export async function expectDocsLayout(docs: OpenPage, url: string, width: number, colorScheme: 'light' | 'dark'): Promise<void> {
  await expectToFit(docs, width);
  expect(await docs.page.evaluate("document.documentElement.classList.contains('dark-mode')")).toBe(colorScheme === 'dark');
  await expectLegible(docs);
  await expectNoProblems(docs, url);
}
