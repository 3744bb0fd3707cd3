import { type OpenPage, openPage } from '@podman-api/testing/browser';
import { expect } from 'vitest';
import { expectAccessible, expectNoProblems, expectToFit } from '../pages/expect-page.ts';
import { evaluate, waitForRow } from './page-actions.ts';

/**
 * Opens the overview and checks that it fits, has the wanted color scheme, and is accessible.
 * @param container a running container in which an exec has failed
 * @returns the page
 */
export async function expectOverviewLayout(
  url: string,
  container: string,
  width: number,
  colorScheme: 'light' | 'dark',
): Promise<OpenPage> {
  const overview = await openPage(`${url}/`, { width, colorScheme });
  await waitForRow(overview, 'failed', container);
  await waitForRow(overview, 'containers', container);
  await expectToFit(overview, width);
  const background = await evaluate(overview, 'getComputedStyle(document.documentElement).backgroundColor');
  const [red = 0] = (background.match(/\d+/g) ?? []).map(Number);
  expect(red < 128).toBe(colorScheme === 'dark');
  await expectAccessible(overview);
  await expectNoProblems(overview, url);
  return overview;
}
