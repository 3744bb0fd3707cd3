import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { main } from '../packages/client/src/cli/main.ts';
import { changelogSection } from '../release/changelog-section.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
}

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string) => readFileSync(root + path, 'utf8');
const readManifest = (path: string): Manifest => JSON.parse(read(path));
const { version } = readManifest('package.json');

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the version of the root package.json', () => {
  it('is the version of every workspace', () => {
    const manifests = globSync('{apps,packages,tools}/*/package.json', { cwd: root }).map(readManifest);
    expect(manifests.length).toBeGreaterThan(10);
    expect(manifests.filter(manifest => manifest.version !== version)).toEqual([]);
  });

  it('is the version of every workspace in package-lock.json', () => {
    const { packages }: { packages: Readonly<Record<string, Partial<Manifest>>> } = JSON.parse(read('package-lock.json'));
    const workspaces = Object.entries(packages).filter(([path]) => !path.includes('node_modules/'));
    expect(workspaces.length).toBeGreaterThan(10);
    expect(workspaces.filter(([, workspace]) => workspace.version !== version)).toEqual([]);
  });

  it('is the version of the OpenAPI document', () => {
    expect(JSON.parse(read('docs/openapi.json'))).toMatchObject({ info: { version } });
  });

  it('is printed by "podman-api --version"', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    expect(await main(['--version'])).toBe(0);
    expect(write.mock.calls).toEqual([[`${version}\n`]]);
  });

  it('is the version of the Python client', () => {
    expect(read('clients/python/podman_api/generated/version.py')).toContain(`\nVERSION = "${version}"\n`);
  });

  it('has a section in CHANGELOG.md', () => {
    expect(changelogSection(read('CHANGELOG.md'), version)).toMatch(/^### (Added|Changed|Fixed|Security)$/m);
  });

  it('is the version of the package in the docs', () => {
    const files = ['README.md', ...globSync('docs/{*.md,ci/*}', { cwd: root })];
    const named = files.flatMap(path => [
      ...read(path).matchAll(/(?:@podman-api\/cli@|podman-api-cli-|podman_api-)(\d[\w.-]*?)(?=\.tgz|-py3|[^\w.-]|$)/gm),
    ]);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter(([, found]) => found !== version).map(([text]) => text)).toEqual([]);
  });
});
