import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images, testPodman } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { copyFile } from '../src/container/add-file/copy-file.ts';
import { context } from './recording-podman.ts';

const podman = testPodman();

describe('copyFile', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'podman-api-test-'));
    vi.stubEnv('TMPDIR', folder);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  it.each([
    ['', '/opt/file'],
    [' that could not be put', '/opt'],
  ])('leaves no copy of a content%s on the host, as podman 4.3 does', async (_case, path) => {
    const container = uniqueContainerName();
    await podman.run(['create', `--name=${container}`, '--', images.busybox, 'sh', '-c', 'sleep 600']);
    const secret = randomBytes(12).toString('hex');
    const file = (to: string) => ({ path: to, content: Buffer.from(secret), mode: '', owner: '' });
    await copyFile(podman, container, file('/opt/other'), context);
    await copyFile(podman, container, file(path), context).catch(() => {});
    expect(await readdir(folder)).toEqual([]);
    expect(await filesWith('/var/tmp', secret)).toEqual([]);
  });
});

/** Returns the names of the small files in a folder that hold a string. */
async function filesWith(folder: string, text: string): Promise<string[]> {
  const names: string[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    // Another process may have removed the file meanwhile.
    const size = await stat(path).then(
      found => (found.isFile() ? found.size : 0),
      () => 0,
    );
    if (size === 0 || size > 100_000) continue;
    if ((await readFile(path).catch(() => '')).includes(text)) names.push(name);
  }
  return names;
}
