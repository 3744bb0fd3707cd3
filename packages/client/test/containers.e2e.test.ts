import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images, type Service, startService, testPodman } from '@podman-api/testing';
import { ownName, startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandLine } from './command-line.ts';

let service: Service;
let podmanApi: ReturnType<typeof commandLine>;
let folder: string;
beforeAll(async () => {
  service = await startService();
  podmanApi = commandLine(service.url);
  folder = mkdtempSync(join(tmpdir(), 'podman-api-client-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await service.stop();
});

const inside = (name: string, command: string) => testPodman().run(['exec', '--', name, 'sh', '-c', command]);

describe('cp', () => {
  let name: string;
  beforeAll(async () => {
    name = await startContainer(images.busybox);
  });

  test('a file arrives with its bytes and its mode', async () => {
    const file = join(folder, 'tool.bin');
    writeFileSync(
      file,
      Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256),
      { mode: 0o750 },
    );
    expect(await podmanApi.run('cp', file, `${name}:/opt/tool`)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await podmanApi.run('cp', '--mode', '4711', '--owner', '12:34', file, `${name}:/opt/below/`)).toMatchObject({ code: 0 });
    const sum = await podmanApi.shell(`sha256sum <${file}`);
    expect(await inside(name, 'for f in /opt/tool /opt/below/tool.bin; do sha256sum <$f; stat -c "%a %u:%g %s" $f; done')).toBe(
      `${sum.stdout}750 0:0 300000\n${sum.stdout}4711 12:34 300000\n`,
    );
  });

  test('stdin arrives, byte for byte', async () => {
    expect(await podmanApi.shell(`printf 'a\\377\\000' | podman-api cp - ${name}:/from-stdin`)).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect(await inside(name, 'od -An -tx1 /from-stdin; stat -c %a /from-stdin')).toMatch(/^ 61 ff 00\s+644\n$/);
  });

  test.each([
    [['cp', '/no/such/file', 'c:/x'], 240, /can't be read/],
    [['cp', 'c:/x', 'file'], 240, /nothing is copied out/],
    [['cp', '-', 'c:/x/'], 240, /stdin has no name/],
    [['cp', '/etc/hostname', 'nowhere-to-be-seen:/x'], 241, /nowhere-to-be-seen/],
  ])('%j', async (args, code, words) => {
    expect(await podmanApi.run(...args)).toEqual({ code, stdout: '', stderr: expect.stringMatching(words) });
  });
});

describe('ps and rm', () => {
  test('running ones are listed, with --all the others too, as a table and as JSON', async () => {
    const running = await startContainer(images.bare);
    const ended = ownName();
    await testPodman().run(['run', `--name=${ended}`, '--pull=never', '--', images.busybox, 'true']);
    const table = (await podmanApi.run('ps')).stdout;
    expect(table).toMatch(/^NAME +STATUS +IMAGE +CREATED +NODE\n/);
    expect(table).toMatch(new RegExp(`^${running} +running +${images.bare} .* ${service.env['NODE_NAME']}$`, 'm'));
    expect(table).not.toContain(ended);
    expect((await podmanApi.run('ps', '--all')).stdout).toMatch(new RegExp(`^${ended} +(exited|stopped) \\(0\\) `, 'm'));
    const listed: readonly { name: string }[] = JSON.parse((await podmanApi.run('ps', '-a', '--json')).stdout);
    expect(listed.map(container => container.name)).toEqual(expect.arrayContaining([running, ended]));
  });

  test('all that can be removed are, and the code tells of the one that can not', async () => {
    const names = [await startContainer(images.bare), await startContainer(images.bare)];
    expect(await podmanApi.run('rm', names[0] ?? '')).toMatchObject({ code: 241, stderr: expect.stringContaining('running') });
    expect(await podmanApi.run('rm', '--force', names[0] ?? '', 'nowhere-to-be-seen', names[1] ?? '')).toEqual({
      code: 241,
      stdout: `${names[0]}\n${names[1]}\n`,
      stderr: expect.stringMatching(/^podman-api: .*nowhere-to-be-seen.*\n$/),
    });
    const left = (await podmanApi.run('ps', '--all')).stdout;
    for (const name of names) expect(left).not.toContain(name);
  });
});

describe('logs', () => {
  /** Starts a container that logs and ends. */
  const logging = async (script: string) => {
    const name = ownName();
    await testPodman().run(['run', '--detach', `--name=${name}`, '--pull=never', '--', images.busybox, 'sh', '-c', script]);
    return name;
  };

  test('--follow gives every line once, in order, and ends with the container', async () => {
    const name = await logging('for i in $(seq 1500); do echo "line $i"; [ $((i % 100)) = 0 ] && usleep 100000; done');
    const lines = Array.from({ length: 1500 }, (_, index) => `line ${index + 1}\n`).join('');
    expect(await podmanApi.run('logs', '--follow', name)).toEqual({ code: 0, stdout: lines, stderr: '' });
    expect(await podmanApi.run('logs', name)).toEqual({ code: 0, stdout: lines, stderr: '' });
    expect(await podmanApi.run('logs', '--tail', '2', name)).toMatchObject({ stdout: 'line 1499\nline 1500\n' });
    expect((await podmanApi.run('logs', '-f', '-t', '--tail', '1', name)).stdout).toMatch(/^\d{4}-\S+ line 1500\n$/);
  });

  test('lines that are written in parts, or hold times themselves, come as they were written', async () => {
    const name = await logging(
      'printf a; usleep 300000; printf b; usleep 700000; echo c; echo "ts=2020-01-01T00:00:00.123456789Z x"; echo "2020-01-01T00:00:00.123456789Z y"; printf end',
    );
    expect(await podmanApi.run('logs', '-f', name)).toMatchObject({
      code: 0,
      stdout: 'abc\nts=2020-01-01T00:00:00.123456789Z x\n2020-01-01T00:00:00.123456789Z y\nend',
    });
  });

  test('lines come while the container runs, and Ctrl-C ends the reading alone', async () => {
    const name = await logging('echo here; sleep 600');
    const running = podmanApi.start('logs', '-f', name);
    await running.says('here\n');
    running.process.kill('SIGINT');
    expect(await running.ran).toEqual({ code: 130, stdout: 'here\n', stderr: '' });
    expect((await podmanApi.run('ps')).stdout).toContain(name);
  });
});
