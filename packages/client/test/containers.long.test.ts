import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { images, sharedContainer, sharedService, testPodman } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCommandLine } from './command-line.ts';
import { createTestFolder } from './test-folder.ts';

const podmanApi = createCommandLine(sharedService().url);
/** A folder on this host, and the name of one in containers. */
const folder = createTestFolder();

describe('cp', () => {
  let name: string;
  let file: string;
  let sum: string;
  beforeAll(async () => {
    name = sharedContainer('busybox');
    file = join(folder, 'tool.bin');
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256);
    writeFileSync(file, bytes, { mode: 0o750 });
    sum = (await podmanApi.shell(`sha256sum <${file}`)).stdout;
  });

  const runInside = (command: string) => testPodman().run(['exec', '--', name, 'sh', '-c', command]);

  it('copies into a directory with the given mode and owner', async () => {
    const result = await podmanApi.run('cp', '--mode', '4711', '--owner', '12:34', file, `${name}:${folder}/below/`);
    expect(result).toEqual({ code: 0, stdout: '', stderr: '' });
    const copy = `${folder}/below/tool.bin`;
    expect(await runInside(`sha256sum <${copy}; stat -c "%a %u:%g %s" ${copy}`)).toBe(`${sum}4711 12:34 300000\n`);
  });
});

describe('ps', () => {
  let exitedContainer: string;
  beforeAll(async () => {
    exitedContainer = uniqueContainerName();
    await testPodman().run(['run', `--name=${exitedContainer}`, '--pull=never', '--', images.busybox, 'true']);
  });

  it('prints all containers with --all', async () => {
    expect((await podmanApi.run('ps', '--all')).stdout).toMatch(new RegExp(`^${exitedContainer} .* (exited|stopped) \\(0\\) `, 'm'));
  });
});

describe('rm', () => {
  it('removes every container that it can, and exits with 241 if one is missing', async () => {
    const names = [await startContainer(images.bare), await startContainer(images.bare)] as const;
    expect(await podmanApi.run('rm', '--force', names[0], 'nowhere-to-be-seen', names[1])).toEqual({
      code: 241,
      stdout: `${names[0]}\n${names[1]}\n`,
      stderr: expect.stringMatching(/^podman-api: .*nowhere-to-be-seen.*\n$/),
    });
    const { stdout } = await podmanApi.run('ps', '--all');
    for (const name of names) expect(stdout).not.toContain(name);
  });
});

describe('logs', () => {
  /** Starts a container that runs a script. */
  async function startScript(script: string): Promise<string> {
    const name = uniqueContainerName();
    await testPodman().run(['run', '--detach', `--name=${name}`, '--pull=never', '--', images.busybox, 'sh', '-c', script]);
    return name;
  }

  it('--tail and --timestamps choose the last lines and add their times', async () => {
    const name = await startScript('seq 20');
    expect(await podmanApi.run('logs', '-f', '--tail', '2', name)).toMatchObject({ stdout: '19\n20\n' });
    expect(await podmanApi.run('logs', '--tail', '2', name)).toMatchObject({ stdout: '19\n20\n' });
    expect((await podmanApi.run('logs', '-f', '-t', '--tail', '1', name)).stdout).toMatch(/^\d{4}-\S+ 20\n$/);
  });

  it('--since and --until choose a time, and --until is refused with --follow', async () => {
    const name = await startScript('echo early; usleep 1100000; echo late');
    const [early = '', late = ''] = (await podmanApi.run('logs', '-f', '-t', name)).stdout.trimEnd().split('\n');
    const between = new Date((Date.parse(early.split(' ')[0] ?? '') + Date.parse(late.split(' ')[0] ?? '')) / 2).toISOString();
    expect(await podmanApi.run('logs', '--until', between, name)).toEqual({ code: 0, stdout: 'early\n', stderr: '' });
    expect(await podmanApi.run('logs', '--since', between, '-n', '5', name)).toEqual({ code: 0, stdout: 'late\n', stderr: '' });
    expect(await podmanApi.run('logs', '--until', between, '-f', name)).toMatchObject({
      code: 240,
      stderr: expect.stringContaining('--until'),
    });
  });

  it('--follow joins lines that were written in parts, and keeps times that are part of a line', async () => {
    const times = 'echo "ts=2020-01-01T00:00:00.123456789Z x"; echo "2020-01-01T00:00:00.123456789Z y"';
    // The pauses make podman log the parts separately, and let a look at the log see the first part alone.
    const name = await startScript(`printf a; usleep 300000; printf b; usleep 700000; echo c; ${times}; printf end`);
    expect(await podmanApi.run('logs', '-f', name)).toMatchObject({
      code: 0,
      stdout: 'abc\nts=2020-01-01T00:00:00.123456789Z x\n2020-01-01T00:00:00.123456789Z y\nend',
    });
  });
});
