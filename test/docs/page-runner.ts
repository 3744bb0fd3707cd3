import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images, standaloneUrl, standaloneVariables, startApp, startChild, type TestChild, testPodman } from '@podman-api/testing';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { isNotRun, normalizeOutput, readShellBlocks, root } from './blocks.ts';

/** The image that the set-up makes of the host's BusyBox, under its name in the host's storage. */
const setupImage = 'localhost/podman-api/busybox:latest';
/** Written between two blocks, to tell their outputs apart. */
const separator = '--- next block ---';

/**
 * A person takes a moment between two commands, in which the API reads the file of tokens again. So `npm` returns from the
 * creation of a token once the API accepts that token, and no request without one.
 */
const awaitTokens = `
status() { curl -s -o /dev/null -w '%{http_code}' "$PODMAN_API_URL/api/v1/jobs?limit=1" "$@"; }
npm() {
  case "$*" in *'token -- create '*) ;; *) command npm "$@"; return ;; esac
  created=$(command npm "$@")
  until [ "$(status)" = 401 ] && [ "$(status -H "Authorization: Bearer $created")" = 200 ]; do sleep 0.1; done
  echo "$created"
}`;

/** A service as `npm start` runs it, and a person who types commands beside it. */
interface PageRunner {
  /** Returns the output of the service. */
  output(): string;
  /** Runs shell lines in the checkout, in one terminal. The first that fails ends them. @returns their output */
  run(lines: string): Promise<string>;
  /** Runs the blocks of a page in one shell, and compares the output of each with the block of output after it. @returns all output */
  runPage(page: string): Promise<string>;
}

/** Starts a service before the tests of a file, and ends it after them. Call it at the top of the file. */
export function usePageRunner(): PageRunner {
  let folder: string;
  let standalone: TestChild;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'podman-api-docs-'));
    mkdirSync(join(folder, 'state'));
    writeFileSync(join(folder, '.curlrc'), 'silent\nshow-error\n');
    await testPodman().run(['tag', images.plain, setupImage]);
    standalone = startApp('standalone', standaloneVariables(join(folder, 'state')));
    await standalone.waitForOutput('Ctrl-C');
  });
  afterEach(async () => {
    await testPodman().run(['rm', '--force', '--ignore', '--time=0', 'hello', 'box', 'web']);
  });
  afterAll(async () => {
    const code = await standalone.end('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
    await testPodman().run(['untag', images.plain, setupImage]);
    expect(code).toBe(0);
  });

  async function run(lines: string): Promise<string> {
    const url = standaloneUrl(standalone);
    const env = {
      ...standaloneVariables(join(folder, 'state')),
      HOME: folder,
      PODMAN_API_URL: url,
      PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`,
      NPM_CONFIG_OFFLINE: 'true',
      NPM_CONFIG_UPDATE_NOTIFIER: 'false',
    };
    const adapted = lines
      .replaceAll('http://127.0.0.1:5000', url)
      .replaceAll(' .podman-api/', ` ${folder}/state/`)
      .replaceAll('docker.io/library/alpine:3.20', images.busybox);
    const shell = startChild('sh', ['-euc', `cd '${root}'${awaitTokens}\n${adapted}`], env);
    expect(await shell.ended, shell.output()).toBe(0);
    return shell.output();
  }

  async function runPage(page: string): Promise<string> {
    const blocks = readShellBlocks(page).filter(block => !isNotRun(block));
    expect(blocks.length).toBeGreaterThan(2);
    const output = await run(blocks.map(({ commands }) => commands).join(`\nprintf '%s\\n' '${separator}'\n`));
    const outputs = output.split(`${separator}\n`);
    for (const [index, { output: documented, commands }] of blocks.entries()) {
      if (documented === undefined) continue;
      expect(normalizeOutput(outputs[index] ?? ''), commands).toBe(normalizeOutput(documented));
    }
    return output;
  }

  return { output: () => standalone.output(), run, runPage };
}
