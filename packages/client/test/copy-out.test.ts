import { execFileSync } from 'node:child_process';
import { statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useFakeApi } from './in-process.ts';
import { createTestFolder } from './test-folder.ts';

const folder = createTestFolder();
const fakeApi = useFakeApi();
const answers = { 'GET /containers/box/files/stat': { file: { type: 'file', mode: '644' } } };

describe('cp of a file out of a container', () => {
  it('refuses to replace a pipe, or a link to one', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    symlinkSync(pipe, join(folder, 'link'));
    const { run } = await fakeApi(answers);
    for (const target of [pipe, join(folder, 'link')]) {
      expect(await run('cp', 'box:/file', target)).toMatchObject({
        code: 240,
        stderr: `podman-api: ${target} is a device or a pipe: use - for stdout. See: podman-api cp --help\n`,
      });
    }
    expect(statSync(pipe).isFIFO()).toBe(true);
  });

  it.each([
    ['/dev/stdout', '/dev/stdout'],
    ['/dev/fd/1', '/dev/fd/1'],
    ['/proc/self/fd/1', '/proc/self/fd/1'],
    ['/dev', '/dev/file'],
  ])('refuses the target %s', async (target, file) => {
    const { run } = await fakeApi(answers);
    const stderr = expect.stringContaining(`${file} is a device or a pipe: use - for stdout.`);
    expect(await run('cp', 'box:/file', target)).toMatchObject({ code: 240, stderr });
  });

  it.each(['/dev/shm', join(folder, 'copy')])('downloads the file for the target %s', async target => {
    const { run } = await fakeApi(answers);
    expect(await run('cp', 'box:/file', target)).toMatchObject({
      code: 241,
      stderr: expect.stringContaining('GET /containers/box/files?'),
    });
  });
});
