import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images, startChild, startFleet, type TestFleet } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readShellBlocks, root } from './docs/blocks.ts';

const page = 'docs/grading.md';
const pythonExample = /```python\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/;
/** Submissions whose verdict is not that of an ordinary one. */
const hostileVerdicts = [
  '96-fork-bomb: error',
  '97-endless-loop: time limit',
  '98-memory-hog: memory limit',
  '99-large-file: error',
  '990-network: error',
];

let fleet: TestFleet;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-grading-'));
  fleet = await startFleet({ 'host-1': {}, 'host-2': {}, 'host-3': {} });
});
afterAll(async () => {
  await fleet.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a program in the folder of the submissions. @returns its output */
async function run(program: string, args: readonly string[]): Promise<string> {
  const child = startChild(program, [...args], {
    PODMAN_API_URL: fleet.apis[0].url,
    PYTHONPATH: join(root, 'clients/python'),
    PYTHONDONTWRITEBYTECODE: '1',
  });
  expect(await child.ended, child.output()).toBe(0);
  return child.output();
}

const adapt = (text: string) =>
  text.replaceAll('http://127.0.0.1:5000', fleet.apis[0].url).replaceAll('localhost/podman-api/busybox', images.busybox);

/** Checks that all nodes took part, and that none has a container or a job left. */
async function expectNothingLeft() {
  const { body } = await fleet.call('GET', '/jobs?operation=run.create&limit=500');
  const jobs: readonly { readonly node: string; readonly status: string }[] = Object(body).jobs;
  expect(new Set(jobs.map(({ node }) => node)).size).toBe(3);
  expect(jobs.filter(({ status }) => status !== 'succeeded')).toEqual([]);
  for (const { podman } of fleet.nodes) expect(await podman.run(['ps', '--all', '--quiet'])).toBe('');
}

describe(page, () => {
  it('grades a hundred submissions on three nodes with its lines of shell', async () => {
    const blocks = readShellBlocks(page);
    expect(blocks.at(-1)?.commands.split('\n').length).toBeLessThan(20);
    const output = await run('sh', ['-euc', `cd '${folder}'\n${adapt(blocks.map(({ commands }) => commands).join(''))}`]);
    // The width of the counts differs between versions of uniq.
    const withoutIndent = (text = '') => text.replaceAll(/^ +/gm, '');
    expect(withoutIndent(output)).toBe(withoutIndent(blocks.at(-1)?.output));
    expect(readFileSync(join(folder, 'verdicts'), 'utf8').trimEnd().split('\n').slice(-5)).toEqual(hostileVerdicts);
    await expectNothingLeft();
  });

  it('grades the same submissions with its lines of Python', async () => {
    const [, program = '', printed] = pythonExample.exec(readFileSync(join(root, page), 'utf8')) ?? [];
    const lines = program.split('\n').filter(line => line !== '');
    expect(lines.length).toBeLessThan(20);
    expect(await run('python3', ['-W', 'error', '-c', `import os; os.chdir(${JSON.stringify(folder)})\n${adapt(program)}`])).toBe(printed);
    await expectNothingLeft();
  });
});
