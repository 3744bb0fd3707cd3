import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { images, type Service, startChild, startService, testPodman } from '@podman-api/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
/** The examples' image, which the set-up makes on a host. */
const image = 'localhost/podman-api/busybox';

let service: Service;
let folder: string;
beforeAll(async () => {
  service = await startService();
  folder = mkdtempSync(join(tmpdir(), 'podman-api-docs-'));
});
afterAll(async () => {
  await service.stop();
  await testPodman().run(['rm', '--force', '--time=0', 'box']);
  rmSync(folder, { recursive: true, force: true });
});

/** Runs lines in the checkout, as a person there would. */
async function run(lines: string) {
  const env = { PODMAN_API_URL: service.url, PODMAN_API_PATIENCE: '0', PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}` };
  const shell = startChild('sh', ['-ec', `cd '${root}'\n${lines.replaceAll(image, images.busybox)}`], env);
  return { code: await shell.ended, output: shell.output() };
}

const blocks = (file: string, language: string) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, block = '']) => block,
  );

test('the commands in docs/cli.md do what stands there', async () => {
  const [commands = '', ends = ''] = blocks('docs/cli.md', 'sh');
  const ran = await run(commands);
  expect(ran).toMatchObject({ code: 0 });
  for (const words of [/^hello$/m, /^I am root$/m, /^\/tmp$/m, /^3$/m, /^box +running +localhost/m, /container\.add_file/, /^box$/m]) {
    expect(ran.output).toMatch(words);
  }
  expect((await run(ends)).output).toMatch(/^podman-api: There is no container nowhere.*\n241\npodman-api: No answer from .*\n243\n$/s);
});

test('those in the README do', async () => {
  const [, commands = ''] =
    /## From a shell, from CI\n[\s\S]*?```sh\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
  expect(await run(commands)).toEqual({ code: 0, output: expect.stringMatching(/^hello from [0-9a-f]{12}\n[\s\S]*^NAME /m) });
});

test('the program in docs/cli.md runs', async () => {
  const [program = ''] = blocks('docs/cli.md', 'ts');
  const file = join(folder, 'program.ts');
  const url = new URL('../packages/client/src/index.ts', import.meta.url);
  writeFileSync(file, program.replace("'podman-api'", `'${url}'`).replace(image, images.busybox));
  const ran = await run(`node '${file}'`);
  expect(ran).toMatchObject({ code: 0, output: expect.stringMatching(/^0 Linux .*text: '3\\n'.*event: 'exit'/s) });
});
