import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));

interface Locked {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}
const { packages }: { packages: Readonly<Record<string, Locked>> } = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8'));
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
const external = Object.entries(packages).filter(([path, { link }]) => path.includes('node_modules/') && !link);

describe('workflows, actions and the CI examples', () => {
  it('use actions of others by commit, with the version in a comment', () => {
    const workflows = globSync('{.github/workflows/*.{yml,yaml},.github/actions/*/action.yml,action.yml,docs/ci/*.yml}', { cwd: root });
    const uses = workflows.flatMap(path => readFileSync(root + path, 'utf8').match(/uses:.*/g) ?? []);
    const byCommit = /^uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*$/;
    expect(uses.filter(use => !byCommit.test(use) && !/^uses: (\.\/|owner\/podman-api@)/.test(use))).toEqual([]);
    expect(uses.some(use => byCommit.test(use))).toBe(true);
  });
});

describe('package-lock.json', () => {
  it('has install scripts of the packages in allowScripts only', () => {
    const { allowScripts }: { allowScripts: object } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
    const scripted = external.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path));
    expect([...new Set(scripted)].sort()).toEqual(Object.keys(allowScripts).sort());
  });

  it('has a hash for every package, and only the registry as a source', () => {
    expect(external.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([]);
    const fromElsewhere = external.filter(
      ([, { resolved }]) => resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/'),
    );
    expect(fromElsewhere.map(([path]) => path)).toEqual([]);
  });
});
