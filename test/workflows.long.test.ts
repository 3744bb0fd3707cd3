import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changelogSection } from '../release/changelog-section.ts';
import { type RunnerOptions, runJob } from './ci/runner.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const release = read('.github/workflows/release.yml');
const { version }: { version: string } = JSON.parse(read('package.json'));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-workflows-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('release.yml', () => {
  it('packs the command line, publishes it with provenance, and makes a release with the notes of its version', async () => {
    const tag = `v${version}`;
    const options = createRunner(tag);
    await expectSuccess('package', options);
    await expectSuccess('publish', options);
    await expectSuccess('release', options);

    const tarball = `dist/podman-api-cli-${version}.tgz`;
    expect(calls('npm')).toEqual(['ci --ignore-scripts', `publish --provenance --access public ${tarball}`]);
    const python = `dist/podman_api-${version}-py3-none-any.whl dist/podman_api-${version}.tar.gz`;
    expect(calls('gh')).toEqual([
      `release create ${tag} --verify-tag --title ${tag} --notes-file dist/notes.md ${tarball} dist/podman-api-${tag}.cdx.json ${python}`,
    ]);
    const file = (path: string) => readFileSync(join(options.workspace, path), 'utf8');
    expect(file('dist/notes.md')).toBe(changelogSection(read('CHANGELOG.md'), version));
    expect(JSON.parse(file(`dist/podman-api-${tag}.cdx.json`))).toMatchObject({ bomFormat: 'CycloneDX' });
    // npm compares the repository in the tarball with the workflow's before it accepts the provenance.
    const manifest = execFileSync('tar', ['-xzOf', join(options.workspace, tarball), 'package/package.json'], { encoding: 'utf8' });
    expect(JSON.parse(manifest)).toMatchObject({
      name: '@podman-api/cli',
      version,
      repository: { url: 'git+https://git.example/owner/podman-api.git' },
    });
  });

  it('stops at a tag that is not the version in package.json', async () => {
    const result = await runJob(release, 'package', createRunner('v99.0.0'));
    expect(result).toMatchObject({ code: 1, output: expect.stringContaining('The tag v99.0.0 does not fit the version') });
    expect(calls('npm')).toEqual([]);
  });
});

async function expectSuccess(job: string, options: RunnerOptions): Promise<void> {
  expect(await runJob(release, job, options)).toMatchObject({ code: 0 });
}

/**
 * A runner with a copy of this checkout, where `gh` and programs that access the registry are replaced by scripts that
 * record their arguments.
 */
function createRunner(tag: string): RunnerOptions {
  const temp = mkdtempSync(join(folder, 'run-'));
  const workspace = join(temp, 'workspace');
  copyCheckout(workspace);
  programs = join(temp, 'programs');
  mkdirSync(programs);
  const note = (name: string) => `echo "$*" >>'${join(programs, name)}.calls'`;
  const npm = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
  const program = (name: string, lines: string) => writeFileSync(join(programs, name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  program('gh', note('gh'));
  program('npm', `case $1 in ci | publish) ${note('npm')} ;; *) exec '${npm}' "$@" ;; esac`);
  return {
    action: root,
    workspace,
    temp,
    env: {
      PATH: `${programs}:${join(root, 'node_modules/.bin')}:${process.env['PATH']}`,
      GITHUB_REF_NAME: tag,
      GITHUB_SERVER_URL: 'https://git.example',
      GITHUB_REPOSITORY: 'owner/podman-api',
    },
    contexts: { github: { token: 'secret', repository: 'owner/podman-api' } },
    usedActions: [],
  };
}

let programs: string;
/** The arguments of each call of a replaced program. */
function calls(name: string): string[] {
  const file = join(programs, `${name}.calls`);
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
}

/** Copies the files that git tracks or would add, and links node_modules. */
function copyCheckout(target: string): void {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  for (const path of listed.split('\0').filter(path => path !== '' && existsSync(join(root, path)))) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    cpSync(join(root, path), join(target, path));
  }
  symlinkSync(join(root, 'node_modules'), join(target, 'node_modules'));
}
