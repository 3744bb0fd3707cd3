import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { images, sharedService, startChild } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { collectOutput, programPath } from './command-line.ts';

const pack = fileURLToPath(new URL('../pack/main.ts', import.meta.url));
const tsc = fileURLToPath(new URL('../../../node_modules/.bin/tsc', import.meta.url));
const quiet = {
  ...process.env,
  PATH: programPath,
  NPM_CONFIG_OFFLINE: 'true',
  NPM_CONFIG_AUDIT: 'false',
  NPM_CONFIG_UPDATE_NOTIFIER: 'false',
};

/** A folder with the packed package, and an empty one in which it is installed. */
let folder: string;
let project: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-package-'));
  project = mkdtempSync(join(folder, 'project-'));
  const tarball = execFileSync(process.execPath, [pack, folder], { env: quiet, encoding: 'utf8' }).trim();
  execFileSync('npm', ['install', '--cache', join(folder, 'cache'), join(folder, tarball)], { cwd: project, env: quiet });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the installed command. */
function podmanApi(...args: string[]) {
  const env = { PODMAN_API_URL: sharedService().url, PATH: programPath };
  return collectOutput(startChild(join(project, 'node_modules/.bin/podman-api'), args, env)).result;
}

describe('the packed package, installed in an empty directory', () => {
  it('brings no other package along', () => {
    expect(readdirSync(join(project, 'node_modules')).filter(name => !name.startsWith('.'))).toEqual(['@podman-api']);
    expect(readdirSync(join(project, 'node_modules/@podman-api'))).toEqual(['cli']);
  });

  it('prints its version', async () => {
    expect(await podmanApi('--version')).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });

  it('runs containers and commands, and lists containers', async () => {
    const name = uniqueContainerName();
    expect(await podmanApi('run', '--detach', '--name', name, images.busybox, 'sleep', '600')).toMatchObject({ code: 0 });
    expect(await podmanApi('exec', name, 'sh', '-c', 'echo out; echo err >&2; exit 3')).toEqual({
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    });
    expect((await podmanApi('ps')).stdout).toMatch(new RegExp(`^${name} .* running `, 'm'));
    expect(await podmanApi('run', '--rm', '--name', uniqueContainerName(), images.busybox, 'echo', 'hello')).toEqual({
      code: 0,
      stdout: 'hello\n',
      stderr: '',
    });
  });

  it('is a typed client for programs', async () => {
    const program = `import { ApiError, createClient } from '@podman-api/cli';
const nodes = await createClient().nodes.list();
const name: string = nodes[0]?.name ?? '';
// @ts-expect-error It is a string.
const count: number = nodes[0]?.name ?? '';
console.log(name, typeof count, ApiError.name);
`;
    writeFileSync(join(project, 'program.mts'), program);
    const check = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'esnext', '--types', '', 'program.mts'];
    execFileSync(tsc, ['--ignoreConfig', ...check], { cwd: project, stdio: 'inherit' });
    const env = { PODMAN_API_URL: sharedService().url };
    const { result } = collectOutput(startChild(process.execPath, [join(project, 'program.mts')], env));
    expect(await result).toEqual({ code: 0, stdout: `${sharedService().env['NODE_NAME']} string ApiError\n`, stderr: '' });
  });
});
