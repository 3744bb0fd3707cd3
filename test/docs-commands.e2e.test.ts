import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images, standaloneUrl, standaloneVariables, startApp, startChild, type TestChild, testPodman } from '@podman-api/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isNotRun, normalizeOutput, readShellBlocks, root } from './docs/blocks.ts';

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

let folder: string;
let standalone: TestChild;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-docs-'));
  mkdirSync(join(folder, 'state'));
  writeFileSync(join(folder, '.curlrc'), 'silent\nshow-error\n');
  await testPodman().run(['tag', images.plain, setupImage]);
  standalone = startApp('standalone', standaloneVariables(join(folder, 'state')));
  await standalone.says('Ctrl-C');
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

/** Runs shell lines in the checkout, as a person does in one terminal. The first that fails ends them. */
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

/** Runs the blocks of a page in one shell, and compares the output of each with the block of output after it. */
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

/** Returns the line of output after the block `npm start`. */
function outputOfStart(page: string): string {
  const start = readShellBlocks(page).find(({ commands }) => commands === 'npm start\n');
  return start?.output ?? `there is no output of "npm start" in ${page}`;
}

describe('npm start', () => {
  it('prints a command that creates a container', async () => {
    const [, command = ''] = /^ {2}(curl .*)$/m.exec(standalone.output()) ?? [];
    expect(await run(command)).toContain('"name":"hello","status":"running"');
  });

  it.each(['README.md', 'docs/getting-started.md'])('prints what %s says', page => {
    expect(normalizeOutput(standalone.output())).toContain(normalizeOutput(outputOfStart(page)));
  });
});

describe('the commands of', () => {
  it('README.md print what it says', async () => {
    await runPage('README.md');
  });

  it('docs/api.md print what it says', async () => {
    const output = await runPage('docs/api.md');
    // The job that is cancelled, and the command that runs once.
    expect(output).toMatch(/^20[02]$[\s\S]*"status":"cancelled"/m);
    expect(output.match(/"stdout":"1\\n"/g)).toHaveLength(2);
  });

  it('docs/files-and-users.md print what it says', async () => {
    expect(await runPage('docs/files-and-users.md')).toContain('"username":"ada"');
  });

  it('docs/runs.md print what it says', async () => {
    expect(await runPage('docs/runs.md')).toContain('"content":"hello\\n"');
  });

  // Last, because both make tokens, which are then required.
  it('docs/getting-started.md print what it says', async () => {
    const output = await runPage('docs/getting-started.md');
    for (const text of [
      /"status":"succeeded"/,
      /"status":"cancelled"|"status":"running"/,
      /^NAME +IMAGE .*\n(.*\n)*?box +localhost/m,
      /^I am root in [0-9a-f]{12}$/m,
      /"removed":true/,
      /^The token ci was revoked\.$/m,
    ]) {
      expect(output).toMatch(text);
    }
  });

  it('docs/observability.md print what it says', async () => {
    const output = await runPage('docs/observability.md');
    expect(output).toMatch(/"status":"(healthy|degraded)"/);
    expect(output).toMatch(/^bull:/m);
    expect(output).toMatch(/^# HELP /m);
  });
});
