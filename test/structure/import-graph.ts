import { posix } from 'node:path';

/** One import of a module, of types or values. */
export interface ImportEdge {
  /** Path of the importing module, relative to the checkout. */
  readonly from: string;
  /** Path of the imported module, relative to the checkout, or the name of an npm package or a Node.js module. */
  readonly to: string;
}

/** Static imports and exports. Biome formats them: they start in the first column and have single quotes. */
const staticImport = /^(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*'([^']+)'/gm;
/** Dynamic imports, and types such as `import('./job.ts').Job`, in JSDoc too. */
const importCall = /\bimport\('([^']+)'\)/g;

/** Returns the imports of a module, as written there: static imports, re-exports, dynamic imports and imports of types. */
export function readImports(source: string): readonly string[] {
  const found = [...source.matchAll(staticImport), ...source.matchAll(importCall)];
  return [...new Set(found.map(([, specifier = '']) => specifier))];
}

/**
 * Returns all imports of some modules.
 * @param sources texts of the modules, by path relative to the checkout
 */
export function findImports(sources: ReadonlyMap<string, string>): readonly ImportEdge[] {
  return [...sources].flatMap(([from, source]) =>
    readImports(source).map(specifier => ({
      from,
      to: specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : packageName(specifier),
    })),
  );
}

/** Returns the npm package of an import such as `@podman-api/testing/images`. */
function packageName(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/**
 * Returns the imports between the direct children of a folder. Modules in a subfolder count as that subfolder, and imports
 * that stay in one child or leave the folder are left out.
 */
export function importsBetweenChildren(folder: string, edges: readonly ImportEdge[]): readonly ImportEdge[] {
  return edges.flatMap(edge => {
    const [from, to] = [childOf(folder, edge.from), childOf(folder, edge.to)];
    return from === undefined || to === undefined || from === to ? [] : [{ from, to }];
  });
}

/** Returns the imports of modules that make a cycle of the direct children of a folder, one on each line. */
export function explainCycle(folder: string, cycle: readonly string[], edges: readonly ImportEdge[]): string {
  const steps = cycle.slice(1).map((to, index) => ({ from: cycle[index], to }));
  return edges
    .filter(edge => steps.some(({ from, to }) => childOf(folder, edge.from) === from && childOf(folder, edge.to) === to))
    .map(({ from, to }) => `${from} imports ${to}`)
    .join('\n');
}

function childOf(folder: string, path: string): string | undefined {
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1).split('/')[0] : undefined;
}

/** Returns the nodes of one cycle in order, such as `['a', 'b', 'a']`, or `undefined` if the graph has none. */
export function findCycle(edges: readonly ImportEdge[]): readonly string[] | undefined {
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) targets.set(from, [...(targets.get(from) ?? []), to]);
  const finished = new Set<string>();

  function visit(node: string, path: readonly string[]): readonly string[] | undefined {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (finished.has(node)) return undefined;
    for (const target of targets.get(node) ?? []) {
      const cycle = visit(target, [...path, node]);
      if (cycle) return cycle;
    }
    finished.add(node);
    return undefined;
  }

  for (const node of targets.keys()) {
    const cycle = visit(node, []);
    if (cycle) return cycle;
  }
  return undefined;
}
