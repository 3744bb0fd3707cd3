import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { images, standaloneUrl, standaloneVariables, startApp, startChild, testPodman } from '@podman-api/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

const readme = readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8');
/** What the set-up makes of the host's BusyBox, under the name it has in the host's storage. */
const readmeImage = 'localhost/podman-api/busybox:latest';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-readme-'));
  await testPodman().run(['tag', images.plain, readmeImage]);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await testPodman().run(['rm', '--force', '--time=0', 'hello']);
  await testPodman().run(['untag', images.plain, readmeImage]);
});

test("the README's first container, and the welcome's, are made by the commands that stand there", async () => {
  const standalone = startApp('standalone', standaloneVariables(folder));
  await standalone.says('Ctrl-C');

  const [, commands = ''] = /```sh\n(api=[\s\S]*?)```/.exec(readme) ?? [];
  const shell = startChild('sh', ['-ec', commands.replace('http://127.0.0.1:5000', standaloneUrl(standalone))]);
  await shell.ended;
  expect(shell.output()).toContain('"status":"running"');
  expect(shell.output()).toContain('"stdout":"hello from ');
  expect(shell.output()).toContain('"removed":true');

  const [, first = ''] = /^ {2}(curl .*)$/m.exec(standalone.output()) ?? [];
  const curl = startChild('sh', ['-ec', first]);
  await curl.ended;
  expect(curl.output()).toContain('"name":"hello","status":"running"');
  expect(await standalone.end('SIGTERM')).toBe(0);
});
