import puppeteer, { type Page } from 'puppeteer-core';
import { inject, onTestFinished } from 'vitest';

/** Time limit of each step of a page; a page takes seconds on a busy machine. */
const timeoutMs = 150_000;

/** A page in a real browser, with its problems and requests so far. */
export interface OpenPage {
  readonly page: Page;
  /** Warnings and errors on its console, exceptions, and requests that failed, except those that the page has aborted. */
  readonly problems: readonly string[];
  /** Origins of all its requests. */
  readonly origins: ReadonlySet<string>;
}

/** Options of `openPage`. */
export interface PageOptions {
  /** Width of the window, in CSS pixels. Default: 1280. */
  readonly width?: number;
  /** Color scheme that the page sees. Default: light. */
  readonly colorScheme?: 'light' | 'dark';
  /** Password for HTTP Basic authentication. Default: none. */
  readonly password?: string;
  /**
   * Whether the page counts as visible and focused even while another page of its window is in front. Default: true. With
   * `false` it is then hidden.
   */
  readonly isAlwaysFocused?: boolean;
  /** Factor by which the page's `setTimeout` and `performance.now` run faster. Default: 1. */
  readonly clockSpeed?: number;
}

/**
 * Opens a page in the browser of this test run, in a separate context, which shares no cookies, storage and cache with
 * others and is closed when the test finishes. In it, every name `*.example` is this host, and other hosts cannot be reached.
 * @throws Error outside a test, or if there is no Chromium
 */
export async function openPage(url: string, options: PageOptions = {}): Promise<OpenPage> {
  const { width = 1280, colorScheme = 'light', password, isAlwaysFocused = true, clockSpeed = 1 } = options;
  const browser = await puppeteer.connect({
    browserURL: inject('browserUrl'),
    defaultViewport: { width, height: 900 },
    protocolTimeout: timeoutMs,
  });
  onTestFinished(() => browser.disconnect());
  const context = await browser.createBrowserContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(timeoutMs);
  await page.emulateFocusedPage(isAlwaysFocused);
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: colorScheme }]);
  if (clockSpeed !== 1) await page.evaluateOnNewDocument(`(${speedUp})(${clockSpeed})`);
  if (password !== undefined) await page.authenticate({ username: 'test', password });
  const problems: string[] = [];
  const origins = new Set<string>();
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warn') problems.push(message.text());
  });
  page.on('pageerror', error => problems.push(String(error)));
  page.on('requestfailed', request => {
    const reason = request.failure()?.errorText;
    // The page itself aborts a read that takes 15 s, and every request that runs when it is left.
    if (reason !== 'net::ERR_ABORTED') problems.push(`${request.url()}: ${reason}`);
  });
  page.on('request', request => {
    if (!request.url().startsWith('data:')) origins.add(new URL(request.url()).origin);
  });
  await page.goto(url, { waitUntil: 'load' });
  return { page, problems, origins };
}

/** A function that runs in the page before its own scripts. */
const speedUp = `factor => {
  const { setTimeout } = window;
  const now = performance.now.bind(performance);
  window.setTimeout = (callback, ms, ...args) => setTimeout(callback, ms / factor, ...args);
  performance.now = () => now() * factor;
}`;
