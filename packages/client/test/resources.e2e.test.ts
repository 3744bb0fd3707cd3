import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images, sharedContainer, sharedService, skipWithoutLimits, testPodman } from '@podman-api/testing';
import { startContainer, uniqueContainerName, uniqueNetworkName, uniqueVolumeName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCommandLine } from './command-line.ts';
import { runForAllNodes, runInProcess } from './in-process.ts';

const run = (...args: string[]) => runInProcess(sharedService().url, args);
/** A folder on this host. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-client-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('images, tag, image inspect and rmi', () => {
  it('list an image under a new name, and remove that name', async () => {
    const reference = `localhost/${uniqueContainerName()}:1`;
    expect(await run('tag', images.plain, reference)).toMatchObject({ code: 0, stdout: `${reference}\n`, stderr: '' });
    const { stdout } = await runForAllNodes(() => run('images', reference));
    expect(stdout).toMatch(
      new RegExp(
        `\n${reference.slice(0, -2)} +1 +[0-9a-f]{12} +\\d+ \\w+ ago +[\\d.]+ k?M?B +(?:yes|no) +${sharedService().env['NODE_NAME']}\n`,
      ),
    );
    expect(JSON.parse((await run('image', 'inspect', reference)).stdout)).toMatchObject([
      { references: expect.arrayContaining([reference]) },
    ]);
    expect(await run('rmi', reference)).toMatchObject({ code: 0, stdout: `${reference}\n`, stderr: '' });
    expect(await run('rmi', reference)).toMatchObject({ code: 241, stderr: expect.stringContaining(reference) });
  });
});

describe('volume and network', () => {
  it('create, list, inspect and remove', async () => {
    for (const [noun, name] of [
      ['volume', uniqueVolumeName()],
      ['network', uniqueNetworkName()],
    ] as const) {
      expect(await run(noun, 'create', '--label', `test=${name}`, name)).toMatchObject({ code: 0, stdout: `${name}\n`, stderr: '' });
      const filter = ['--filter', `label=test=${name}`];
      const listed = await runForAllNodes(() => run(noun, 'ls', '-q', ...filter));
      expect(listed).toMatchObject({ code: 0, stdout: `${name}\n` });
      expect(JSON.parse((await run(noun, 'inspect', name)).stdout)).toMatchObject([{ name, labels: { test: name } }]);
      const pruned = await runForAllNodes(() => run(noun, 'prune', '--force', ...filter));
      expect(pruned).toMatchObject({ code: 0, stdout: `${name}\n` });
      expect(await run(noun, 'rm', name)).toMatchObject({ code: 241 });
    }
  });
});

describe('top, diff, update, commit and events', () => {
  it('show and change a container', async () => {
    const name = await startContainer(images.busybox);
    expect((await run('top', name)).stdout).toMatch(/\nroot +\d+ +\d+ +S +[\d.]+ +\d\d:\d\d +[\d.]+ \w+ +sleep 600\n/);
    await testPodman().run(['exec', '--', name, 'touch', '/added']);
    expect((await run('diff', name)).stdout).toMatch(/^A \/added$/m);
    const { stdout } = await run('commit', '-m', 'a test', name, `localhost/${name}:1`);
    expect(stdout).toMatch(/^[0-9a-f]{12}\n$/);
    expect(await run('rmi', `localhost/${name}:1`)).toMatchObject({ code: 0 });

    const events = createCommandLine(sharedService().url).start('events', '--since', '5m', '--filter', `container=${name}`);
    await events.waitForOutput(' container start ');
    events.process.kill('SIGINT');
    const result = await events.result;
    expect(result.code).toBe(130);
    expect(result.stdout).toMatch(
      new RegExp(`^\\S+Z container start [0-9a-f]{12} \\(image=${images.busybox}\\S*, name=${name}, node=\\S+\\)$`, 'm'),
    );
  });

  it('update changes the limits of a container', async context => {
    skipWithoutLimits(context);
    const name = await startContainer(images.busybox);
    expect(await run('update', '--memory', '256m', name)).toMatchObject({ code: 0, stdout: `${name}\n` });
  });
});

describe('cp', () => {
  it('copies a file out of a container with its bytes and mode, to a file, a directory and stdout', async () => {
    const name = sharedContainer('busybox');
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256);
    const [source, copy, inside] = [join(folder, 'source'), join(folder, 'copy'), `/tmp/${uniqueContainerName()}`];
    writeFileSync(source, bytes);
    chmodSync(source, 0o750);
    writeFileSync(copy, 'old');
    expect(await run('cp', source, `${name}:${inside}`)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(await run('cp', `${name}:${inside}`, copy)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(copy)).toEqual(Buffer.from(bytes));
    expect((statSync(copy).mode & 0o777).toString(8)).toBe('750');
    await run('cp', `${name}:${inside}`, folder);
    expect(readdirSync(folder).sort()).toEqual(['copy', 'source', inside.slice(5)].sort());
    const line = `podman-api cp ${name}:${inside} - | cmp - ${source}`;
    expect(await createCommandLine(sharedService().url).shell(line)).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('leaves nothing if there is no such file, or the target cannot be written', async () => {
    const name = sharedContainer('busybox');
    const before = readdirSync(folder);
    expect(await run('cp', `${name}:/no/such`, join(folder, 'x'))).toMatchObject({
      code: 241,
      stderr: expect.stringContaining('/no does not exist'),
    });
    expect(await run('cp', `${name}:/etc/passwd`, '/no/such/x')).toMatchObject({
      code: 242,
      stderr: 'podman-api: /no/such/x cannot be written: there is no such file or directory.\n',
    });
    expect(readdirSync(folder)).toEqual(before);
  });
});
