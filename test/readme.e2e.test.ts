import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { images, standaloneUrl, standaloneVariables, startApp, startChild, type TestChild, testPodman } from '@podman-api/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
/** The image that the set-up makes of the host's BusyBox, under its name in the host's storage. */
const readmeImage = 'localhost/podman-api/busybox:latest';

/** The README's shell blocks in order, and what the line before each says about this test. */
const blocks = [...readme.matchAll(/(<!-- not run .*-->\n)?```sh\n([\s\S]*?)```/g)].map(([, note, commands = '']) => ({
  isRun: note === undefined,
  commands,
}));

let folder: string;
let standalone: TestChild;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-readme-'));
  writeFileSync(join(folder, '.curlrc'), 'silent\nshow-error\n');
  await testPodman().run(['tag', images.plain, readmeImage]);
  standalone = startApp('standalone', standaloneVariables(folder));
  await standalone.says('Ctrl-C');
});
afterEach(async () => {
  await testPodman().run(['rm', '--force', '--time=0', 'hello']);
});
afterAll(async () => {
  const code = await standalone.end('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
  await testPodman().run(['untag', images.plain, readmeImage]);
  expect(code).toBe(0);
});

/** Runs lines of shell in the checkout, as a person does in one terminal. The first that fails ends them. */
async function run(commands: string): Promise<string> {
  const url = standaloneUrl(standalone);
  const env = {
    ...standaloneVariables(folder),
    CURL_HOME: folder,
    PODMAN_API_URL: url,
    PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`,
    NPM_CONFIG_OFFLINE: 'true',
  };
  const adapted = commands.replaceAll('http://127.0.0.1:5000', url).replaceAll(' .podman-api/', ` ${folder}/`);
  const shell = startChild('sh', ['-euc', `cd '${root}'\n${adapted}`], env);
  expect(await shell.ended, shell.output()).toBe(0);
  return shell.output();
}

describe('the command that "npm start" prints', () => {
  it('creates a container', async () => {
    const [, command = ''] = /^ {2}(curl .*)$/m.exec(standalone.output()) ?? [];
    expect(await run(command)).toContain('"name":"hello","status":"running"');
  });
});

describe('the README', () => {
  it('names three blocks that this test cannot run', () => {
    expect(blocks.filter(({ isRun }) => !isRun).map(({ commands }) => commands)).toEqual([
      'npm start\n',
      expect.stringContaining('redis.example'),
      expect.stringContaining('podman-compose build'),
    ]);
  });

  it('works from top to bottom', async () => {
    const commands = blocks.filter(({ isRun }) => isRun).map(block => block.commands);
    expect(commands.length).toBeGreaterThanOrEqual(5);
    const output = await run(commands.join('\n'));

    expect(output).not.toMatch(/^\{"success":false/m);
    for (const text of [
      /"status":"running"/,
      /"stdout":"hello from [0-9a-f]{12}\\n"/,
      // The long command, line by line, then its job and the one that is cancelled.
      /data: \{"text":"1\\n"\}[\s\S]*data: \{"text":"3\\n"\}[\s\S]*event: exit/,
      /"status":"succeeded"/,
      /"status":"cancelled"/,
      // The command line.
      /^hello from [0-9a-f]{12}$/m,
      /^NAME +IMAGE .*\n(.*\n)*?hello +localhost/m,
      // The token.
      /^ci +containers:write,exec +made .* expires /m,
      /"removed":true/,
      /^ci is revoked\.$/m,
      /^bull:/m,
    ]) {
      expect(output).toMatch(text);
    }
    // Each answer is a line of its own.
    const answers = output.split('\n').filter(line => line.includes('"timestamp":'));
    expect(answers.length).toBeGreaterThanOrEqual(6);
    for (const answer of answers) expect(answer).toMatch(/^\{"success":true,.*\}$/);
  });
});
