import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { images, standaloneUrl, standaloneVariables, startApp, startChild, type TestChild, testPodman } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const readme = readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8');
/** The image that the set-up makes of the host's BusyBox, under its name in the host's storage. */
const readmeImage = 'localhost/podman-api/busybox:latest';

let folder: string;
let standalone: TestChild;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-readme-'));
  await testPodman().run(['tag', images.plain, readmeImage]);
  standalone = startApp('standalone', standaloneVariables(folder));
  await standalone.says('Ctrl-C');
});
afterAll(async () => {
  const code = await standalone.end('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
  await testPodman().run(['rm', '--force', '--time=0', 'hello']);
  await testPodman().run(['untag', images.plain, readmeImage]);
  expect(code).toBe(0);
});

async function run(commands: string): Promise<string> {
  const shell = startChild('sh', ['-ec', commands]);
  expect(await shell.ended, shell.output()).toBe(0);
  return shell.output();
}

describe('the first commands', () => {
  it('in the README create a container, run a command in it and remove it', async () => {
    const [, commands = ''] = /```sh\n(api=[\s\S]*?)```/.exec(readme) ?? [];
    const output = await run(commands.replace('http://127.0.0.1:5000', standaloneUrl(standalone)));
    for (const text of ['"status":"running"', '"stdout":"hello from ', '"removed":true']) expect(output).toContain(text);
  });

  it('that "npm start" prints create a container', async () => {
    const [, command = ''] = /^ {2}(curl .*)$/m.exec(standalone.output()) ?? [];
    expect(await run(command)).toContain('"name":"hello","status":"running"');
  });
});
