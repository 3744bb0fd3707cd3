import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from '@podman-api/testing';
import { childrenOf } from '@podman-api/testing/processes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A checkout with the real launcher and scripts, whose set-up and service only print what they were given. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-launch-'));
  mkdirSync(join(folder, 'tools/setup'), { recursive: true });
  mkdirSync(join(folder, 'apps/standalone/src'), { recursive: true });
  for (const path of ['package.json', 'tools/setup/launch']) copyFileSync(join(root, path), join(folder, path));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(
    join(folder, 'tools/setup/setup.mjs'),
    "console.log('set-up:', ...process.argv.slice(2)); if (process.env.FAIL) process.exit(3)",
  );
  writeFileSync(
    join(folder, 'apps/standalone/src/main.ts'),
    `console.log('pid', process.pid, 'options', process.env['NODE_OPTIONS'], 'arguments', process.argv.slice(2));
     for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(7));
     setInterval(() => {}, 1000);
     console.log('ready');`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Without the variables that npm has set for these tests. */
const env = { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name))), NODE_OPTIONS: '' };

function launch(args: readonly string[], spawnOptions: { input?: string; env?: NodeJS.ProcessEnv } = {}) {
  const { status, stdout, stderr } = spawnSync(join(folder, 'tools/setup/launch'), args, { encoding: 'utf8', env, ...spawnOptions });
  return { status, stdout, stderr };
}

/** `npm start` in a separate process group. */
function npmStart() {
  return startChild('npm', ['--prefix', folder, 'start'], { NODE_OPTIONS: '' });
}

describe('tools/setup/launch', () => {
  it('runs the program in its own process, after the set-up', async () => {
    const child = spawn(join(folder, 'tools/setup/launch'), ['-', 'node', '-p', 'process.pid'], { env });
    let output = '';
    for await (const chunk of child.stdout) output += String(chunk);
    expect(output).toBe(`${child.pid}\n`);
  });

  it('passes arguments, stdin and the exit code, and keeps the output of the set-up out of stdout', () => {
    const script = "console.log(process.argv.slice(1)); process.stdin.pipe(process.stdout).on('finish', () => {}); process.exitCode = 5";
    expect(launch(['podman,redis', 'node', '-e', script, 'a b', ''], { input: 'from stdin' })).toEqual({
      status: 5,
      stdout: "[ 'a b', '' ]\nfrom stdin",
      stderr: 'set-up: podman redis\n',
    });
  });

  it('runs the set-up alone if no program is named', () => {
    expect(launch(['podman,redis'])).toEqual({ status: 0, stdout: 'set-up: podman redis\n', stderr: '' });
  });

  it('does not run the program if the set-up fails', () => {
    const failed = launch(['-', 'echo', 'ran'], { env: { ...env, FAIL: '1' } });
    expect(failed).toEqual({ status: 3, stdout: '', stderr: 'set-up:\n' });
  });

  it('hands --no-install to the set-up', () => {
    const ran = launch(['podman,redis', 'echo', 'ran', '--no-install', 'x']);
    expect(ran).toEqual({ status: 0, stdout: 'ran x\n', stderr: 'set-up: --no-install podman redis\n' });
  });

  it('keeps NODE_OPTIONS as they are, and adds to them for --small-heap', () => {
    const own = { env: { ...env, NODE_OPTIONS: '--no-warnings' } };
    const print = ['node', '-p', 'process.env.NODE_OPTIONS'];
    expect(launch(['-', ...print], own).stdout).toBe('--no-warnings\n');
    expect(launch(['--small-heap', '-', ...print], own).stdout).toBe('--max-semi-space-size=2 --no-warnings\n');
  });
});

describe('npm start', () => {
  it('has the service as the only child of npm', async () => {
    const npm = npmStart();
    await npm.waitForOutput('ready');
    const [service, ...others] = childrenOf(npm.process.pid);
    expect(npm.output()).toContain(`pid ${service?.pid} options --max-semi-space-size=2`);
    expect(others).toEqual([]);
    await npm.end();
  });

  it('passes SIGTERM to the service and exits as it does', async () => {
    const npm = npmStart();
    await npm.waitForOutput('ready');
    expect(await npm.end('SIGTERM')).toBe(7);
  });

  it('exits as the service does on Ctrl-C, which reaches the whole process group', async () => {
    const npm = npmStart();
    await npm.waitForOutput('ready');
    process.kill(-(npm.process.pid ?? Number.NaN), 'SIGINT');
    expect(await npm.ended).toBe(7);
  });
});
