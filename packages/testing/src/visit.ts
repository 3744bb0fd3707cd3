import puppeteer, { type Page } from 'puppeteer-core';
import { findChromium } from './chromium.ts';
import { testMark } from './mark.ts';

/** A page in a real browser, driven and watched. */
export interface Visit {
  readonly page: Page;
  /** What stands on its console as a warning or an error, and what could not be loaded. */
  readonly faults: readonly string[];
  /** The origins of everything it has asked for. */
  readonly origins: ReadonlySet<string>;
  /** Ends the browser. */
  close(): Promise<void>;
}

/** How a page is looked at. */
export interface Look {
  /** In CSS pixels. */
  readonly width: number;
  readonly colours: 'light' | 'dark';
  /** What the browser is to answer where it is asked for a name and a password. */
  readonly password?: string;
}

/** Opens a page in a Chromium of the test's own. */
export async function visit(url: string, { width, colours, password }: Look = { width: 1280, colours: 'light' }): Promise<Visit> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('there is no Chromium: "npm test" installs it on a Debian host');
  const browser = await puppeteer.launch({
    executablePath,
    // Chromium does not run as root otherwise, and it opens pages of the tests alone.
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--no-proxy-server'],
    env: { ...process.env, ...testMark },
    defaultViewport: { width, height: 900 },
  });
  const faults: string[] = [];
  const origins = new Set<string>();
  const [page = await browser.newPage()] = await browser.pages();
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: colours }]);
  if (password !== undefined) await page.authenticate({ username: 'test', password });
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warn') faults.push(message.text());
  });
  page.on('pageerror', error => faults.push(String(error)));
  page.on('requestfailed', request => faults.push(`${request.url()}: ${request.failure()?.errorText}`));
  page.on('request', request => {
    if (!request.url().startsWith('data:')) origins.add(new URL(request.url()).origin);
  });
  await page.goto(url, { waitUntil: 'networkidle0' });
  return { page, faults, origins, close: () => browser.close() };
}
