import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { OpenPage } from '@podman-api/testing/browser';
import { expect } from 'vitest';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
/** Script that returns the text with too little contrast. */
const lowContrastText = readFileSync(new URL('low-contrast-text.js', import.meta.url), 'utf8');

/** Shorter than the pause between two rounds of requests of a page that refreshes itself. */
const idleTimeMs = 250;

/** Warnings that say only that the machine is busy: of Chromium, about a script that is not used within seconds, and of xterm.js. */
const speedWarnings = ['was preloaded using link preload but not used', 'task queue exceeded allotted deadline'];

/** Expects that the page has loaded without warnings and errors, and asked no other origin for anything. */
export async function expectNoProblems({ page, problems, origins }: OpenPage, url: string): Promise<void> {
  await page.waitForNetworkIdle({ idleTime: idleTimeMs });
  expect(problems.filter(problem => !speedWarnings.some(warning => problem.includes(warning)))).toEqual([]);
  expect([...origins]).toEqual([url]);
}

/** Expects that the page needs no horizontal scrolling. @param width of the window in CSS pixels */
export async function expectToFit({ page }: OpenPage, width: number): Promise<void> {
  expect(await page.evaluate('document.scrollingElement.scrollWidth')).toBeLessThanOrEqual(width);
}

/** Expects that axe finds no violation of its rules. */
export async function expectAccessible({ page }: OpenPage): Promise<void> {
  await page.evaluate(axe);
  const violations = await page.evaluate(
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)]))',
  );
  expect(violations).toEqual([]);
}

/** Expects that each text has enough contrast to its background. */
export async function expectLegible({ page }: OpenPage): Promise<void> {
  expect(await page.evaluate(lowContrastText)).toEqual([]);
}
