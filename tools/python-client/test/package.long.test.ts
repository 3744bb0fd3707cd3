import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images, type Service, startService } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pythonFolder, readExamples, runPython } from './run-python.ts';

let folder: string;
let service: Service;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-python-'));
  service = await startService();
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Builds the wheel and the source distribution, and returns their paths. */
function pack(target: string): readonly string[] {
  const backend = join(pythonFolder, 'build_backend/wheel_backend.py');
  const names = execFileSync('python3', ['-B', backend, target], { encoding: 'utf8' }).trim().split('\n');
  return names.map(name => join(target, name));
}

describe('the packed Python client', () => {
  it('is the same for the same sources', () => {
    const [first, second] = [mkdtempSync(join(folder, 'a-')), mkdtempSync(join(folder, 'b-'))].map(pack);
    const sums = (paths: readonly string[] = []) => execFileSync('sha256sum', paths, { encoding: 'utf8' }).replaceAll(/ .*\//g, ' ');
    expect(sums(first)).toBe(sums(second));
  });

  it.each([
    ['wheel', 0],
    ['source distribution', 1],
  ])('installs from the %s into an empty environment without an index, and passes the tests', async (_kind, index) => {
    const target = mkdtempSync(join(folder, 'environment-'));
    const file = pack(target)[index] ?? '';
    execFileSync('python3', ['-m', 'venv', join(target, 'venv')]);
    const python = join(target, 'venv/bin/python');
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--no-index', '--disable-pip-version-check', file], { stdio: 'inherit' });

    const env = { PODMAN_API_URL: service.url, TEST_IMAGE: images.busybox, TEST_LONG: '1', PYTHONPATH: join(pythonFolder, 'tests') };
    const where = await runPython(['-c', 'import podman_api; print(podman_api.__file__)'], env, python);
    expect(where).toMatchObject({ code: 0, output: expect.stringContaining(target) });
    const tests = await runPython(['-m', 'unittest', 'discover', '--start-directory', `${pythonFolder}tests`], env, python);
    expect(tests).toMatchObject({ code: 0, output: expect.stringMatching(/\nOK\n$/) });
  });
});

describe('docs/python.md', () => {
  it('has examples that print the documented output', async () => {
    const { program, output } = readExamples('docs/python.md');
    const env = { PODMAN_API_URL: service.url, PYTHONPATH: pythonFolder };
    expect(await runPython(['-c', program], env)).toEqual({ code: 0, output });
  });
});

describe('the types of the Python client', () => {
  it('are accepted by mypy --strict', () => {
    const paths = ['podman_api', 'tests', 'build_backend'];
    const output = execFileSync('mypy', ['--strict', '--cache-dir', join(folder, 'mypy'), ...paths], {
      cwd: pythonFolder,
      encoding: 'utf8',
    });
    expect(output).toContain('Success: no issues found');
  });
});
