import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { images, sharedContainer, sharedService, testPodman } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCommandLine } from './command-line.ts';
import { createInProcessRunner, runForAllNodes } from './in-process.ts';
import { createTestFolder } from './test-folder.ts';

const podmanApi = createCommandLine(sharedService().url);
const run = createInProcessRunner(sharedService().url);
const ps = (...flags: string[]) => runForAllNodes(() => run('ps', ...flags));
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

  it('copies a file with its bytes and its mode', async () => {
    expect(await run('cp', file, `${name}:${folder}/tool`)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await runInside(`sha256sum <${folder}/tool; stat -c "%a %u:%g %s" ${folder}/tool`)).toBe(`${sum}750 0:0 300000\n`);
  });

  it('copies the bytes of stdin', async () => {
    const result = await podmanApi.shell(`printf 'a\\377\\000' | podman-api cp - ${name}:${folder}/from-stdin`);
    expect(result).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await runInside(`od -An -tx1 ${folder}/from-stdin; stat -c %a ${folder}/from-stdin`)).toMatch(/^ 61 ff 00\s+644\n$/);
  });

  it.each([
    ['the file cannot be read', ['/no/such/file', 'c:/x'], 240, /\/no\/such\/file cannot be read: there is no such file or directory\. /],
    ['a directory should get a mode', ['--mode', '600', '/etc', 'c:/x/'], 240, /for files, not for directories/],
    ['both are in a container', ['c:/x', 'd:/x'], 240, /in either order/],
    ['an archive should get a mode', ['--mode', '600', '-', 'c:/x/'], 240, /not for directories and archives/],
    ['there is no such container', ['/etc/hostname', 'nowhere-to-be-seen:/x'], 241, /nowhere-to-be-seen/],
  ])('fails if %s', async (_why, args, code, message) => {
    expect(await run('cp', ...args)).toEqual({ code, stdout: '', stderr: expect.stringMatching(message) });
  });

  it.each(['/etc/passwd', '/etc'])('fails if the directory of this host for %s is missing', async path => {
    const stderr = expect.stringMatching(/\/no\/such.* is not a directory/);
    expect(await run('cp', `${name}:${path}`, '/no/such/folder/')).toEqual({ code: 240, stdout: '', stderr });
  });
});

/** Runs the command as a user who cannot write to read-only directories, even if root runs the tests. */
const withoutRootRights = process.getuid?.() === 0 ? 'setpriv --bounding-set=-dac_override,-dac_read_search' : '';

describe('cp of read-only directories, such as those of a Go module cache', () => {
  const source = join(folder, 'cache');
  const target = join(folder, 'out');
  const copy = () => podmanApi.shell(`${withoutRootRights} podman-api cp ${sharedContainer('busybox')}:${source}/. ${target}`);
  const modesOf = (...names: string[]) => names.map(name => (statSync(join(target, name)).mode & 0o777).toString(8));
  beforeEach(async () => {
    const command = `mkdir -p ${source}/new/below ${source}/both/below && cd ${source} && touch new/below/file &&
      echo new >both/below/file && touch $(printf 'both/below/caf\\351') && find . -type d -exec chmod 555 {} +`;
    await testPodman().run(['exec', '--', sharedContainer('busybox'), 'sh', '-c', command]);
    mkdirSync(join(target, 'both', 'below'), { recursive: true });
    writeFileSync(join(target, 'both', 'below', 'file'), 'old\n');
  });
  afterEach(() => {
    execFileSync('chmod', ['-R', 'u+w', target]);
    rmSync(target, { recursive: true });
  });

  it('merges them with what exists, and keeps names that are not UTF-8', async () => {
    expect(await copy()).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(join(target, 'both', 'below', 'file'), 'utf8')).toBe('new\n');
    expect(readdirSync(join(target, 'both', 'below'), 'latin1').sort()).toEqual(['caf\xe9', 'file']);
    expect(modesOf('new', 'new/below', 'both')).toEqual(['555', '555', '755']);
    expect(readdirSync(folder)).not.toContainEqual(expect.stringMatching(/^\.out-/));
  });

  it.each([
    ['a directory here is read-only too', () => chmodSync(join(target, 'both', 'below'), 0o555), 'permission denied'],
    ['a file is in the place of one', () => writeFileSync(join(target, 'new'), ''), 'new is not a directory'],
  ])('moves nothing, and leaves no draft, if %s', async (_why, prepare, message) => {
    prepare();
    expect(await copy()).toMatchObject({ code: expect.any(Number), stderr: expect.stringContaining(message) });
    expect(readFileSync(join(target, 'both', 'below', 'file'), 'utf8')).toBe('old\n');
    expect(existsSync(join(target, 'new', 'below'))).toBe(false);
    expect(readdirSync(folder)).not.toContainEqual(expect.stringMatching(/^\.out-/));
  });
});

describe('ps', () => {
  let running: string;
  let exitedContainer: string;
  beforeAll(async () => {
    running = await startContainer(images.bare);
    exitedContainer = uniqueContainerName();
    await testPodman().run(['run', `--name=${exitedContainer}`, '--network=none', '--pull=never', '--', images.busybox, 'true']);
  });

  it('prints a table of the running containers', async () => {
    const { stdout } = await ps();
    expect(stdout).toMatch(/^NAME +IMAGE +COMMAND +CREATED +STATUS +PORTS +NODE\n/);
    const node = sharedService().env['NODE_NAME'];
    expect(stdout).toMatch(new RegExp(`^${running} +${images.bare}\\S* +sleep 600 +\\d+ (second|minute)s? ago +running +${node}$`, 'm'));
    expect(stdout).not.toContain(exitedContainer);
  });

  it('prints published ports, and shortens long commands unless --no-trunc is given', async () => {
    const name = uniqueContainerName();
    const command = ['sh', '-c', `exec sleep 600 # ${'x'.repeat(40)}`];
    await sharedService().call('POST', '/containers', { image: images.busybox, name, command, ports: { '80/tcp': 0 } });
    const row = async (...flags: string[]) => (await ps(...flags)).stdout.split('\n').find(line => line.startsWith(name));
    expect(await row()).toMatch(/ sh -c exec sleep 600 # x{6}… /);
    expect(await row()).toMatch(/ 0\.0\.0\.0:\d+->80\/tcp /);
    expect(await row('--no-trunc')).toContain(command.join(' '));
  });

  it('prints JSON with --format json', async () => {
    const listed: readonly { name: string }[] = JSON.parse((await ps('-a', '--format', 'json')).stdout);
    expect(listed.map(container => container.name)).toEqual(expect.arrayContaining([running, exitedContainer]));
  });
});

describe('rm', () => {
  it('refuses a running container without --force', async () => {
    const name = await startContainer(images.bare);
    expect(await run('rm', name)).toEqual({
      code: 241,
      stdout: '',
      stderr: expect.stringMatching(new RegExp(`^podman-api: .*${name}.* is running.*"podman-api rm --force"`)),
    });
  });
});

describe('logs', () => {
  /** Starts a container that runs a script. */
  async function startScript(script: string): Promise<string> {
    const name = uniqueContainerName();
    await testPodman().run([
      'run',
      '--detach',
      `--name=${name}`,
      '--network=none',
      '--pull=never',
      '--',
      images.busybox,
      'sh',
      '-c',
      script,
    ]);
    return name;
  }

  it('--follow writes every line once, in order, until the container has exited', async () => {
    const name = await startScript('for i in $(seq 1500); do echo "line $i"; [ $((i % 100)) = 0 ] && usleep 100000; done');
    const lines = Array.from({ length: 1500 }, (_, index) => `line ${index + 1}\n`).join('');
    expect(await podmanApi.run('logs', '--follow', name)).toEqual({ code: 0, stdout: lines, stderr: '' });
    expect(await run('logs', name)).toEqual({ code: 0, stdout: lines, stderr: '' });
  });

  it('--follow writes lines while the container runs, and Ctrl-C leaves the container alone', async () => {
    const name = await startScript('echo here; sleep 600');
    const running = podmanApi.start('logs', '-f', name);
    await running.waitForOutput('here\n');
    running.process.kill('SIGINT');
    expect(await running.result).toEqual({ code: 130, stdout: 'here\n', stderr: '' });
    expect((await ps()).stdout).toContain(name);
  });
});
