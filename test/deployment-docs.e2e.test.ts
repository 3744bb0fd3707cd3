import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readConfig, type VariableName, variables } from '@podman-api/runtime';
import { startChild } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isNotRun, readShellBlocks, root } from './docs/blocks.ts';

/** Programs that need root or would change the host: each only records its arguments. */
const replaced = ['systemctl', 'journalctl', 'useradd', 'sudo', 'podman-compose', 'npm', 'curl'];
/** A key that a reader fills in. */
const placeholder = /<output of "openssl rand -hex 32"[^>]*>/g;
const key = 'k'.repeat(64);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-deployment-'));
  const programs = join(folder, 'bin');
  for (const path of ['bin', 'etc/systemd/system', 'var', 'home', 'work']) mkdirSync(join(folder, path), { recursive: true });
  for (const name of replaced) {
    writeFileSync(join(programs, name), `#!/bin/sh\necho "${name} $*" >>'${join(folder, 'calls')}'\n`, { mode: 0o755 });
  }
  // Runs the command as this user.
  writeFileSync(join(programs, 'runuser'), '#!/bin/sh\nshift 3\nexec "$@"\n', { mode: 0o755 });
  symlinkSync(root.slice(0, -1), join(folder, 'home/podman-api'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a block of the page with the paths of the host below `folder`. Returns the calls of replaced programs. */
async function runBlock(text: string): Promise<{ readonly output: string; readonly calls: readonly string[] }> {
  const block = readShellBlocks('docs/deployment.md').find(({ commands }) => commands.includes(text));
  const commands = (block?.commands ?? `echo 'no block has: ${text}'; exit 1`)
    .replaceAll('/opt/podman-api', root.slice(0, -1))
    .replaceAll(/(?<=[ =])\/(?=etc\/|var\/)/g, `${folder}/`)
    .replaceAll(' -o podman-api', '')
    .replaceAll(placeholder, key);
  rmSync(join(folder, 'calls'), { force: true });
  const env = { HOME: join(folder, 'home'), USER: 'me', PATH: `${join(folder, 'bin')}:${process.env['PATH']}` };
  const shell = startChild('sh', ['-euc', `cd '${join(folder, 'work')}'\n${commands}`], env);
  expect(await shell.ended, shell.output()).toBe(0);
  const calls = existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trimEnd().split('\n') : [];
  return { output: shell.output(), calls };
}

/** Reads an `EnvironmentFile` as the process does. @throws ConfigError if a value is wrong */
function readEnvironment(path: string): object {
  const lines = readFileSync(join(folder, path), 'utf8').trimEnd().split('\n');
  const entries = lines.map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const);
  const isVariable = (name: string): name is VariableName => name in variables;
  const names = entries.map(([name]) => name);
  expect(names.filter(name => !isVariable(name))).toEqual([]);
  return readConfig(Object.fromEntries(entries), names.filter(isVariable));
}

describe('docs/deployment.md', () => {
  it('sets up a worker host', async () => {
    const { calls } = await runBlock('NODE_NAME=host-7');
    expect(calls).toEqual(['npm run setup', 'systemctl enable --now podman-api-worker', 'journalctl -u podman-api-worker -n 20']);
    expect(readEnvironment('etc/podman-api/worker.env')).toMatchObject({ NODE_NAME: 'host-7', SECRET_KEY: key });
    expect(readFileSync(join(folder, 'etc/systemd/system/podman-api-worker.service'), 'utf8')).toContain(
      'EnvironmentFile=/etc/podman-api/worker.env\n',
    );
  });

  it('sets up a worker host without root', async () => {
    const { calls } = await runBlock('NODE_NAME=host-8');
    expect(calls).toContain('systemctl --user enable --now podman-api-worker');
    expect(readEnvironment('home/.config/podman-api/worker.env')).toMatchObject({ NODE_NAME: 'host-8' });
    expect(readFileSync(join(folder, 'home/.config/systemd/user/podman-api-worker.service'), 'utf8')).toContain(
      'EnvironmentFile=%h/.config/podman-api/worker.env\n',
    );
  });

  it('sets up an API host, and prints a token', async () => {
    const { calls, output } = await runBlock('HOST=10.0.0.5');
    expect(calls).toEqual(['useradd --system --no-create-home podman-api', 'npm ci', 'systemctl enable --now podman-api']);
    expect(output).toMatch(/^\S{32,}$/m);
    expect(readFileSync(join(folder, 'var/lib/podman-api-http/tokens.json'), 'utf8')).toContain('"admin"');
    expect(readEnvironment('etc/podman-api/api.env')).toMatchObject({ HOST: '10.0.0.5' });
    expect(readFileSync(join(folder, 'etc/systemd/system/podman-api.service'), 'utf8')).toContain(
      'EnvironmentFile=/etc/podman-api/api.env\n',
    );
  });

  it('starts the compose file', async () => {
    const { calls } = await runBlock('podman-compose build');
    expect(calls.map(call => call.split(' ').slice(0, 2).join(' '))).toEqual([
      'systemctl enable',
      'podman-compose build',
      'podman-compose run',
      'podman-compose up',
      'curl http://127.0.0.1:5000/api/v1/health',
    ]);
    expect(readFileSync(join(folder, 'work/.env'), 'utf8')).toMatch(/^SECRET_KEY=[0-9a-f]{64}\n$/);
    const [, script] = calls.find(call => call.startsWith('podman-compose run'))?.match(/ (apps\/\S+) /) ?? [];
    expect(existsSync(join(root, script ?? 'no script'))).toBe(true);
  });

  it('has no other block that could be run', () => {
    expect(readShellBlocks('docs/deployment.md').filter(block => !isNotRun(block))).toHaveLength(4);
  });
});

describe('the compose files', () => {
  it.each(['docker-compose.yml', 'docker-compose.replicas.yml'])('%s uses files and commands that exist', path => {
    const { services }: { services: Record<string, { build?: { dockerfile: string }; command?: string[]; volumes?: string[] }> } = parse(
      readFileSync(join(root, path), 'utf8'),
      { merge: true },
    );
    const files = Object.values(services).flatMap(({ build, command = [], volumes = [] }) => [
      ...(build ? [build.dockerfile] : []),
      ...command.filter(word => word.endsWith('.ts')),
      ...volumes.flatMap(volume => (volume.startsWith('./') ? [volume.split(':')[0] ?? ''] : [])),
    ]);
    expect(files.filter(file => !existsSync(join(root, file)))).toEqual([]);
    expect(files).not.toEqual([]);
  });
});

describe('ops/systemd', () => {
  const paths = globSync('ops/systemd/**/*.service', { cwd: root });

  it('has units for the API and the worker, and one for the worker of an ordinary user', () => {
    expect(paths).toHaveLength(3);
  });

  it.each(paths)('%s is a valid unit, and names files that exist', path => {
    const unitFolder = mkdtempSync(join(folder, 'units-'));
    // The paths of a host that was set up as docs/deployment.md says.
    const unit = readFileSync(root + path, 'utf8').replaceAll(/\/opt\/podman-api|%h\/podman-api/g, root.slice(0, -1));
    const files = [...unit.matchAll(/(?:Documentation=file:|node )(\S+)/g)].map(([, file = '']) => file);
    expect(files.map(file => existsSync(file.startsWith('/') ? file : root + file))).toEqual([true, true]);
    const copy = join(unitFolder, basename(path));
    writeFileSync(copy, unit);
    const scope = path.includes('/user/') ? '--user' : '--system';
    const env = { ...process.env, XDG_RUNTIME_DIR: unitFolder };
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', scope, copy], { encoding: 'utf8', env });
    // Lines about other units of this host do not matter.
    const faults = stderr?.split('\n').filter(line => line.includes(basename(path)));
    expect({ status, faults }).toEqual({ status: 0, faults: [] });
  });
});

describe('ops/proxy', () => {
  it('has a valid configuration of HAProxy', () => {
    const addresses = { BIND: '127.0.0.1:8080', API_ONE: '127.0.0.1:5001', API_TWO: '127.0.0.1:5002' };
    // Debian installs it outside the PATH of an ordinary user.
    const env = { ...process.env, ...addresses, PATH: `${process.env['PATH']}:/usr/sbin` };
    const { status, stderr } = spawnSync('haproxy', ['-c', '-f', `${root}ops/proxy/haproxy.cfg`], { encoding: 'utf8', env });
    expect(status, stderr).toBe(0);
  });
});
