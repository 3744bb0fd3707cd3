import { describe, expect, it } from 'vitest';
import { explainCycle, findCycle, findImports, importsBetweenChildren, readImports } from './import-graph.ts';

const edges = (...pairs: readonly (readonly [from: string, to: string])[]) => pairs.map(([from, to]) => ({ from, to }));

describe('readImports', () => {
  it.each([
    ['a static import', "import { a } from './a.ts';"],
    ['an import of a type', "import type { A } from './a.ts';"],
    ['an import over several lines', "import {\n  a,\n  type B,\n} from './a.ts';"],
    ['an import for its side effects', "import './a.ts';"],
    ['an import with attributes', "import a from './a.ts' with { type: 'json' };"],
    ['a re-export', "export { a } from './a.ts';"],
    ['a re-export of all', "export * from './a.ts';"],
    ['a dynamic import', "  const { a } = await import('./a.ts');"],
    ['a type in place', "let a: import('./a.ts').A;"],
    ['a type in a JSDoc comment', "/** @type {import('./a.ts').A} */"],
  ])('finds %s', (_kind, source) => {
    expect(readImports(source)).toEqual(['./a.ts']);
  });

  it('finds several imports, each once', () => {
    const source = "import { a } from './a.ts';\nimport type { B } from './b.ts';\nexport { c } from './a.ts';\n";
    expect(readImports(source)).toEqual(['./a.ts', './b.ts']);
  });

  it.each([
    ['an export of a value', "export const a = 'from';\nconst b = './a.ts';"],
    ['an export of names', "export { a };\nconst b = './a.ts';"],
    ['text in an indented template', "const script = `\n  import a from './a.ts';`;"],
    ['import.meta', "const a = new URL('./a.ts', import.meta.url);"],
  ])('ignores %s', (_kind, source) => {
    expect(readImports(source)).toEqual([]);
  });
});

describe('findImports', () => {
  it('resolves relative imports and shortens imports of packages to their names', () => {
    const source = [
      "import { b } from './b.ts';",
      "import { c } from '../../../other/src/c.ts';",
      "import { d } from '@scope/package/part';",
      "import { e } from 'library/part';",
      "import { f } from 'node:fs/promises';",
    ].join('\n');
    expect(findImports(new Map([['packages/one/src/a.ts', source]]))).toEqual(
      ['packages/one/src/b.ts', 'other/src/c.ts', '@scope/package', 'library', 'node:fs/promises'].map(to => ({
        from: 'packages/one/src/a.ts',
        to,
      })),
    );
  });
});

describe('importsBetweenChildren', () => {
  const graph = edges(
    ['src/read/page.ts', 'src/store/table.ts'],
    ['src/read/page.ts', 'src/read/line.ts'],
    ['src/store/index/tree.ts', 'src/store/table.ts'],
    ['src/main.ts', 'src/read/page.ts'],
    ['src/main.ts', 'node:fs'],
    ['test/main.test.ts', 'src/main.ts'],
  );

  it('joins the modules of each subfolder', () => {
    expect(importsBetweenChildren('src', graph)).toEqual(edges(['read', 'store'], ['main.ts', 'read']));
  });

  it('looks into a folder further down', () => {
    expect(importsBetweenChildren('src/store', graph)).toEqual(edges(['index', 'table.ts']));
  });

  it('does not mix folders with the same prefix', () => {
    expect(importsBetweenChildren('src', edges(['src-old/a.ts', 'src-old/b.ts']))).toEqual([]);
  });
});

describe('explainCycle', () => {
  it('names the modules whose imports make the cycle', () => {
    const graph = edges(['src/a/one.ts', 'src/b/two.ts'], ['src/b/two.ts', 'src/a/three.ts'], ['src/b/two.ts', 'src/c.ts']);
    expect(explainCycle('src', ['a', 'b', 'a'], graph)).toBe('src/a/one.ts imports src/b/two.ts\nsrc/b/two.ts imports src/a/three.ts');
  });
});

describe('findCycle', () => {
  it('returns undefined if there is none', () => {
    expect(findCycle(edges(['a', 'b'], ['a', 'c'], ['b', 'd'], ['c', 'd']))).toBeUndefined();
    expect(findCycle([])).toBeUndefined();
  });

  it('returns a cycle of two', () => {
    expect(findCycle(edges(['a', 'b'], ['b', 'a']))).toEqual(['a', 'b', 'a']);
  });

  it('returns a longer cycle without the way to it', () => {
    expect(findCycle(edges(['start', 'a'], ['a', 'b'], ['b', 'c'], ['b', 'end'], ['c', 'a']))).toEqual(['a', 'b', 'c', 'a']);
  });

  it('returns a module that imports itself', () => {
    expect(findCycle(edges(['a', 'a']))).toEqual(['a', 'a']);
  });
});
