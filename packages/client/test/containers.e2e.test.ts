import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images, sharedContainer, sharedService, testPodman } from '@podman-api/testing';
import { ownName, startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCommandLine } from './command-line.ts';

let podmanApi: ReturnType<typeof createCommandLine>;
/** A folder on this host, and the name of one in containers. */
let folder: string;
beforeAll(() => {
  podmanApi = createCommandLine(sharedService().url);
  folder = mkdtempSync(join(tmpdir(), 'podman-api-client-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

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

  it('copies a file with its bytes and its mode', async () => {
    expect(await podmanApi.run('cp', file, `${name}:${folder}/tool`)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await runInside(`sha256sum <${folder}/tool; stat -c "%a %u:%g %s" ${folder}/tool`)).toBe(`${sum}750 0:0 300000\n`);
  });

  it('copies into a folder with the given mode and owner', async () => {
    const result = await podmanApi.run('cp', '--mode', '4711', '--owner', '12:34', file, `${name}:${folder}/below/`);
    expect(result).toEqual({ code: 0, stdout: '', stderr: '' });
    const copy = `${folder}/below/tool.bin`;
    expect(await runInside(`sha256sum <${copy}; stat -c "%a %u:%g %s" ${copy}`)).toBe(`${sum}4711 12:34 300000\n`);
  });

  it('copies the bytes of stdin', async () => {
    const result = await podmanApi.shell(`printf 'a\\377\\000' | podman-api cp - ${name}:${folder}/from-stdin`);
    expect(result).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await runInside(`od -An -tx1 ${folder}/from-stdin; stat -c %a ${folder}/from-stdin`)).toMatch(/^ 61 ff 00\s+644\n$/);
  });

  it.each([
    ['the file cannot be read', ['/no/such/file', 'c:/x'], 240, /\/no\/such\/file cannot be read: there is no such file or directory\. /],
    ['the file is a folder', ['/etc', 'c:/x'], 240, /\/etc cannot be read: it is a directory\. /],
    ['both are in a container', ['c:/x', 'd:/x'], 240, /in either order/],
    ['stdin would need a name', ['-', 'c:/x/'], 240, /stdin has no name/],
    ['there is no such container', ['/etc/hostname', 'nowhere-to-be-seen:/x'], 241, /nowhere-to-be-seen/],
  ])('fails if %s', async (_why, args, code, message) => {
    expect(await podmanApi.run('cp', ...args)).toEqual({ code, stdout: '', stderr: expect.stringMatching(message) });
  });
});

describe('ps', () => {
  let running: string;
  let exitedContainer: string;
  beforeAll(async () => {
    running = await startContainer(images.bare);
    exitedContainer = ownName();
    await testPodman().run(['run', `--name=${exitedContainer}`, '--pull=never', '--', images.busybox, 'true']);
  });

  it('prints a table of the running containers', async () => {
    const { stdout } = await podmanApi.run('ps');
    expect(stdout).toMatch(/^NAME +IMAGE +COMMAND +CREATED +STATUS +PORTS +NODE\n/);
    const node = sharedService().env['NODE_NAME'];
    expect(stdout).toMatch(new RegExp(`^${running} +${images.bare}\\S* +sleep 600 +\\d+ (second|minute)s? ago +running +${node}$`, 'm'));
    expect(stdout).not.toContain(exitedContainer);
  });

  it('prints all containers with --all', async () => {
    expect((await podmanApi.run('ps', '--all')).stdout).toMatch(new RegExp(`^${exitedContainer} .* (exited|stopped) \\(0\\) `, 'm'));
  });

  it('prints published ports, and shortens long commands unless --no-trunc is given', async () => {
    const name = ownName();
    const command = ['sh', '-c', `exec sleep 600 # ${'x'.repeat(40)}`];
    await sharedService().call('POST', '/containers', { image: images.busybox, name, command, ports: { '80/tcp': 0 } });
    const row = async (...flags: string[]) => (await podmanApi.run('ps', ...flags)).stdout.split('\n').find(line => line.startsWith(name));
    expect(await row()).toMatch(/ sh -c exec sleep 600 # x{6}… /);
    expect(await row()).toMatch(/ 0\.0\.0\.0:\d+->80\/tcp /);
    expect(await row('--no-trunc')).toContain(command.join(' '));
  });

  it('prints JSON with --format json', async () => {
    const listed: readonly { name: string }[] = JSON.parse((await podmanApi.run('ps', '-a', '--format', 'json')).stdout);
    expect(listed.map(container => container.name)).toEqual(expect.arrayContaining([running, exitedContainer]));
  });
});

describe('rm', () => {
  it('refuses a running container without --force', async () => {
    const name = await startContainer(images.bare);
    expect(await podmanApi.run('rm', name)).toEqual({
      code: 241,
      stdout: '',
      stderr: expect.stringMatching(new RegExp(`^podman-api: .*${name}.* is running.*"podman-api rm --force"`)),
    });
  });

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
    const name = ownName();
    await testPodman().run(['run', '--detach', `--name=${name}`, '--pull=never', '--', images.busybox, 'sh', '-c', script]);
    return name;
  }

  it('--follow writes every line once, in order, until the container has exited', async () => {
    const name = await startScript('for i in $(seq 1500); do echo "line $i"; [ $((i % 100)) = 0 ] && usleep 100000; done');
    const lines = Array.from({ length: 1500 }, (_, index) => `line ${index + 1}\n`).join('');
    expect(await podmanApi.run('logs', '--follow', name)).toEqual({ code: 0, stdout: lines, stderr: '' });
    expect(await podmanApi.run('logs', name)).toEqual({ code: 0, stdout: lines, stderr: '' });
  });

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

  it('--follow writes lines while the container runs, and Ctrl-C leaves the container alone', async () => {
    const name = await startScript('echo here; sleep 600');
    const running = podmanApi.start('logs', '-f', name);
    await running.says('here\n');
    running.process.kill('SIGINT');
    expect(await running.result).toEqual({ code: 130, stdout: 'here\n', stderr: '' });
    expect((await podmanApi.run('ps')).stdout).toContain(name);
  });
});
