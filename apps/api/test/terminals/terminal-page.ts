import { until } from '@podman-api/testing';
import { type OpenPage, openPage, type PageOptions } from '@podman-api/testing/browser';
import { evaluate, textOf } from '../overview/page-actions.ts';
import { expectAccessible, expectToFit } from '../pages/expect-page.ts';

/** Opens the page of a terminal. @param url of the API @param container its name */
export const openTerminalPage = (url: string, container: string, options?: PageOptions): Promise<OpenPage> =>
  openPage(`${url}/terminal?${new URLSearchParams({ container })}`, options);

/** Sends the form, and waits until the terminal is connected. @param command default: that of the form */
export async function connectTerminal(opened: OpenPage, command?: string): Promise<void> {
  const { page } = opened;
  await page.waitForSelector('#connect', { visible: true });
  if (command !== undefined) {
    await page.click('#connect [name=command]', { count: 3 });
    await page.keyboard.sendCharacter(command);
  }
  await page.click('#connect [type=submit]');
  await waitForState(opened, 'Connected.');
}

/** Waits until the page shows this state of the connection. */
export const waitForState = (opened: OpenPage, state: string) => until(async () => (await textOf(opened, '#connection')) === state);

/** Types into the terminal. */
export async function typeLine({ page }: OpenPage, text: string): Promise<void> {
  await page.focus('#screen textarea');
  await page.keyboard.sendCharacter(text);
  await page.keyboard.press('Enter');
}

/** Waits until the terminal shows a string. */
export const waitForOutput = (opened: OpenPage, text: string) => until(async () => (await readScreen(opened)).includes(text));

/** Returns the visible lines of the terminal. */
export const readScreen = async (opened: OpenPage): Promise<string> =>
  (await evaluate(opened, "document.querySelector('.xterm-rows').innerText")).replaceAll('\u00a0', ' ');

/** Checks that the page of a connected terminal fits and is accessible. @param width of the window in CSS pixels */
export async function expectTerminalLayout(opened: OpenPage, width: number): Promise<void> {
  await typeLine(opened, 'echo shown-$((40+2))');
  await waitForOutput(opened, 'shown-42');
  await expectToFit(opened, width);
  await expectAccessible(opened);
}
