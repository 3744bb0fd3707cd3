import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from './child.ts';
import { findChromium } from './chromium.ts';
import { until } from './poll.ts';

/** A page that is open in a browser of its own. */
export interface Page {
  /** Ends the browser, and leaves nothing of it. */
  close(): Promise<void>;
}

/** Opens a page in a Chromium of the test's own, for which every `*.example` is this host. */
export function openPage(url: string): Page {
  const program = findChromium();
  if (program === undefined) throw new Error('there is no Chromium: "npm test" installs it on a Debian host');
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-browser-'));
  const browser = startChild(program, [
    '--headless=new',
    // Chromium does not run as root otherwise, and it opens pages of the tests alone.
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-breakpad',
    '--no-first-run',
    '--no-proxy-server',
    `--user-data-dir=${folder}`,
    '--host-resolver-rules=MAP *.example 127.0.0.1',
    url,
  ]);
  return {
    async close() {
      await browser.end();
      // Its helpers follow it, and write into the folder until they have.
      await until(() => !readdirSync('/proc').some(pid => /^\d+$/.test(pid) && commandOf(pid).includes(folder)));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
