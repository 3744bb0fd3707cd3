import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));

interface Locked {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}
const { packages }: { packages: Readonly<Record<string, Locked>> } = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8'));
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
const foreign = Object.entries(packages).filter(([path, { link }]) => path.includes('node_modules/') && !link);

test('workflows, the action and the examples use actions of others by commit, with the version beside it', () => {
  const workflows = globSync('{.github/workflows/*.{yml,yaml},action.yml,docs/ci/*.yml}', { cwd: root });
  const uses = workflows.flatMap(path => readFileSync(root + path, 'utf8').match(/uses:.*/g) ?? []);
  const byCommit = /^uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*$/;
  expect(uses.filter(use => !byCommit.test(use) && !/^uses: (\.\/|owner\/podman-api@)/.test(use))).toEqual([]);
  expect(uses.some(use => byCommit.test(use))).toBe(true);
});

test('just the packages that allowScripts names have install scripts', () => {
  const { allowScripts }: { allowScripts: object } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const scripted = foreign.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path));
  expect([...new Set(scripted)].sort()).toEqual(Object.keys(allowScripts).sort());
});

test('every package is locked with its hash, and comes from a registry', () => {
  expect(foreign.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([]);
  const elsewhere = foreign.filter(([, { resolved }]) => resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/'));
  expect(elsewhere.map(([path]) => path)).toEqual([]);
});
