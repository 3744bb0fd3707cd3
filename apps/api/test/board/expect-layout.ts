import { type OpenPage, openPage, type PageOptions } from '@podman-api/testing/browser';
import { expect } from 'vitest';
import { expectNoProblems, expectToFit } from '../pages/expect-page.ts';

/** Data that the board must show. */
export interface BoardContent {
  readonly queues: readonly [string, ...string[]];
  /** Id of an exec in the first queue that succeeded. */
  readonly job: string;
  /** The container of that exec. */
  readonly container: string;
}

/** Opens the list of queues and a job's page, and checks that both fit and the list has the wanted color scheme. */
export async function expectBoardLayout(
  url: string,
  { queues, job, container }: BoardContent,
  options: PageOptions & { readonly width: number },
): Promise<void> {
  const board = await openPage(`${url}/queues`, options);
  for (const queue of queues) await waitForText(board, queue);
  await expectToFit(board, options.width);
  expect(await board.page.evaluate("document.body.classList.contains('dark-mode')")).toBe(options.colorScheme === 'dark');
  await expectNoProblems(board, url);
  await board.page.goto(`${url}/queues/queue/${queues[0]}/${job}`, { waitUntil: 'load' });
  await waitForText(board, 'container.exec');
  await waitForText(board, container);
  await expectToFit(board, options.width);
  await expectNoProblems(board, url);
}

function waitForText({ page }: OpenPage, text: string) {
  return page.waitForFunction(`document.body.innerText.includes(${JSON.stringify(text)})`);
}
