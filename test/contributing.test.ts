import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readExample } from './contributing/example.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

describe('npm scripts', () => {
  it.each(
    globSync('{README.md,CONTRIBUTING.md,docs/*.md,.github/**/*,docs/ci/*,ops/**/*}', { cwd: root, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name).slice(root.length)),
  )('that %s names exist', path => {
    const text = readFileSync(join(root, path), 'utf8');
    const named = [...text.matchAll(/npm run (?:--silent )?([a-z][\w:]*)/g)].map(([, script = '']) => script);
    expect(named.filter(script => scripts[script] === undefined)).toEqual([]);
  });

  it('start files that exist', () => {
    const paths = Object.values(scripts).flatMap(script => script.match(/(?<=^|\s)[\w.-]+\/[\w./-]+(?=\s|$)/g) ?? []);
    expect(paths.filter(path => globSync(path, { cwd: root }).length === 0)).toEqual([]);
    expect(paths).toContain('tools/setup/launch');
  });
});

describe('CONTRIBUTING.md', () => {
  it('edits lines in its example that the files contain', () => {
    const edits = readExample(root).flatMap(step => (step.kind === 'edit' ? [step] : []));
    const stale = edits.filter(({ path, before, after }) => {
      const text = readFileSync(join(root, path), 'utf8');
      // The example may have been applied.
      return text.split(before).length !== 2 && !text.includes(after);
    });
    expect(stale).toEqual([]);
    expect(edits).not.toEqual([]);
  });

  it('lists every benchmark', () => {
    const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
    expect(Object.keys(scripts).filter(name => name.startsWith('bench') && !text.includes(`\`npm run ${name}\``))).toEqual([]);
  });
});

const { findFault }: { findFault(subject: string): string | undefined } = await import(join(root, '.githooks/find-fault.mjs'));

describe('the check of commit subjects', () => {
  it.each([
    'feat: add a route',
    'fix(jobs): requeue reads of a dead worker',
    'feat(api)!: embed the job in the answer',
    'chore: release 1.2.3',
    `docs: ${'ä'.repeat(66)}`,
  ])('accepts %j', subject => expect(findFault(subject)).toBeUndefined());

  it.each([
    ['', 'must look like'],
    ['Add a route', 'must look like'],
    ['feature: add a route', 'the types are'],
    ['feat: added a route', 'must be imperative'],
    ['feat: adding a route', 'must be imperative'],
    ['feat: add a route.', 'must not end with a period'],
    [`feat: ${'x'.repeat(67)}`, 'has 73 characters'],
  ])('refuses %j', (subject, reason) => expect(findFault(subject)).toContain(reason));
});

describe('the hook commit-msg', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-commit-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  function commit(message: string) {
    const file = join(folder, 'message');
    writeFileSync(file, message);
    const { status, stderr } = spawnSync(join(root, '.githooks/commit-msg'), [file], { encoding: 'utf8' });
    return { status, stderr };
  }

  it('reads the first line that is not a comment', () => {
    expect(commit('# Please enter the message\n\nfix: close the pipe\n\nAdded. Whatever.\n')).toEqual({ status: 0, stderr: '' });
  });

  it('accepts what git writes itself', () => {
    expect(commit('fixup! anything')).toEqual({ status: 0, stderr: '' });
  });

  it('prints what is wrong', () => {
    expect(commit('Fixed it')).toEqual({ status: 1, stderr: expect.stringContaining('"Fixed it" must look like') });
  });
});
