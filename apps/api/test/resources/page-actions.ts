import { until } from '@podman-api/testing';
import { type OpenPage, openPage, type PageOptions } from '@podman-api/testing/browser';
import { evaluate, hasRow, textOf, waitForRow } from '../overview/page-actions.ts';
import { expectAccessible, expectToFit } from '../pages/expect-page.ts';

/** The sections of the page. */
type Section = 'images' | 'volumes' | 'networks';

/** Opens `/resources`. @param url of the API */
export const openResources = (url: string, options?: PageOptions): Promise<OpenPage> => openPage(`${url}/resources`, options);

/** Clicks a button that contains a string, the first one of several. */
export async function click(opened: OpenPage, scope: string, text: string): Promise<void> {
  const find = `[...document.querySelectorAll('${scope} button')].find(one => one.checkVisibility() && (one.ariaLabel ?? one.innerText).includes('${text}'))`;
  await until(async () => (await evaluate(opened, `${find} !== undefined`)) === 'true');
  await evaluate(opened, `${find}.click()`);
}

/** Removes a resource by its row, and confirms. @returns the question */
export async function removeByRow(opened: OpenPage, section: Section, name: string): Promise<string> {
  await waitForRow(opened, section, name);
  await click(opened, `#${section} td`, `Remove ${section.slice(0, -1)} ${name} on `);
  await opened.page.waitForSelector('#confirm[open]');
  const question = await textOf(opened, '#confirm .text');
  await click(opened, '#confirm', 'Remove');
  return question;
}

/** Waits until a row is gone. */
export const waitForNoRow = (opened: OpenPage, section: Section, name: string) =>
  until(async () => !(await hasRow(opened, section, [name])));

/** Waits until an element shows a string. */
export const waitForText = (opened: OpenPage, selector: string, text: string) =>
  until(async () => (await textOf(opened, selector)).includes(text));

/** Fills in the form of a pull and sends it. @param node value of the field; default: unchanged */
export async function submitPull(opened: OpenPage, reference: string, node?: string): Promise<void> {
  const { page } = opened;
  await page.waitForSelector('#pull', { visible: true });
  if (node !== undefined) {
    await page.waitForSelector(`#pull option[value="${node}"]`);
    await page.select('#pull select', node);
  }
  await evaluate(opened, "document.querySelector('#pull [name=reference]').value = ''");
  await page.focus('#pull [name=reference]');
  await page.keyboard.sendCharacter(reference);
  await page.keyboard.press('Enter');
}

/** Checks that the page fits, and is accessible, also with its dialog. @param width of the window in CSS pixels */
export async function expectResourcesLayout(opened: OpenPage, width: number): Promise<void> {
  await waitForRow(opened, 'networks', 'podman');
  await waitForRow(opened, 'images', 'busybox');
  await expectToFit(opened, width);
  await expectAccessible(opened);
  await click(opened, '#volumes', 'Prune volumes');
  await opened.page.waitForSelector('#confirm[open]');
  await expectToFit(opened, width);
  await expectAccessible(opened);
  await click(opened, '#confirm', 'Cancel');
}
