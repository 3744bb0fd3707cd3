import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { images, sharedService, startChild, testFolder, testPodman, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Below the checkout, so that programs in it find the package. */
let folder: string;
beforeAll(() => {
  mkdirSync(testFolder, { recursive: true });
  folder = mkdtempSync(join(testFolder, 'cli-docs-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Replaces the image that the set-up makes on a host by the tests' own, and the name "box". */
const adapt = (text: string, name = uniqueContainerName()) =>
  text.replaceAll('localhost/podman-api/busybox', images.busybox).replaceAll(/\bbox\b/g, name);

/** Runs shell lines in the checkout, as a person there would. The first that fails ends them. */
async function run(lines: string, variables: Readonly<Record<string, string>> = {}) {
  const path = `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`;
  const env = { PODMAN_API_URL: sharedService().url, PATH: path, NPM_CONFIG_OFFLINE: 'true', ...variables };
  const shell = startChild('sh', ['-ec', `cd '${root}'\n${lines}`], env);
  return { code: await shell.ended, output: shell.output() };
}

/** Returns the code blocks in a language. */
const findBlocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, block = '']) => block);

describe('docs/cli.md', () => {
  it('has commands that work', async () => {
    const [commands = ''] = findBlocks(read('docs/cli.md'), 'sh');
    const name = uniqueContainerName();
    const result = await run(adapt(commands, name));
    expect(result, result.output).toMatchObject({ code: 0 });
    for (const words of [
      /^hello$/m,
      /^I am root$/m,
      /^\/tmp$/m,
      /^3$/m,
      /^\S+ +localhost\S+ +sleep 600 +\d+ \w+ ago +running/m,
      /container\.start +/,
    ]) {
      expect(result.output).toMatch(words);
    }
    expect(result.output).toMatch(new RegExp(`^${name}$`, 'm'));
    // The idle containers of the removed pool are removed in the background.
    await until(async () => (await testPodman().run(['ps', '--all', '--quiet', '--filter=name=^pool-ready-'])) === '');
  });

  it('has examples that exit with the documented codes', async () => {
    const codes = findBlocks(read('docs/cli.md'), 'sh').find(block => block.includes('nowhere')) ?? '';
    const { output } = await run(codes, { PODMAN_API_RETRY_TIMEOUT: '0' });
    expect(output).toMatch(/^podman-api: There is no container nowhere.*\n241\npodman-api: No answer from .*\n243\n$/s);
  });

  it('has a program that prints the events of an exec', async () => {
    const [program = ''] = findBlocks(read('docs/cli.md'), 'ts');
    const file = join(folder, 'program.ts');
    writeFileSync(file, adapt(program));
    expect(await run(`node '${file}'`)).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^0 Linux .*text: '3\\n'.*event: 'exit'/s),
    });
  });
});
