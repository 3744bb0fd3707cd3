import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { explainCycle, findCycle, findImports, importsBetweenChildren } from './structure/import-graph.ts';

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string) => readFileSync(root + path, 'utf8');
const readManifest = (path: string): Manifest => JSON.parse(read(path));
const findFiles = (pattern: string) => globSync(pattern, { cwd: root, exclude: ['**/node_modules/**', '**/generated/**'] });

const manifests = findFiles('{apps,packages,tools}/*/package.json');
/** Folder of each workspace, such as `packages/client`, by its npm name. */
const folders = new Map(manifests.map(path => [readManifest(path).name, dirname(path)]));
const isTest = (path: string) => /^\w+\/[^/]+\/test\//.test(path);
const modules = findFiles('{apps,packages,tools}/**/*.{ts,js,mjs}').filter(path => !isTest(path));
const imports = findImports(new Map(modules.map(path => [path, read(path)])));

/** Returns the folder of the workspace that an npm name or a path belongs to; `undefined` for others' packages. */
function workspaceOf(nameOrPath: string): string | undefined {
  return folders.get(nameOrPath) ?? /^(?:apps|packages|tools)\/[^/]+/.exec(nameOrPath)?.[0];
}

/** The two columns of packages. Each package may import those before it in its column. */
const jobsColumn = ['errors', 'runtime', 'redis', 'jobs', 'cluster'];
const podmanColumn = ['errors', 'runtime', 'podman', 'operations'];
const allPackages = [...new Set([...jobsColumn, ...podmanColumn]), 'stats'];
const columnRules = [jobsColumn, podmanColumn].flatMap(column => column.map((name, index) => [name, column.slice(0, index)] as const));

/** Workspaces that each app and package may import, by the names of their folders. Tools may import all. */
const allowedImports: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(columnRules),
  stats: ['errors', 'runtime', 'redis'],
  client: [],
  // Types of the API's responses.
  dashboard: ['client'],
  api: [...allPackages.filter(name => name !== 'podman'), 'dashboard'],
  worker: allPackages,
  standalone: allPackages,
};
const appsAndPackages = [...folders.values()].filter(folder => !folder.startsWith('tools/'));

describe('the workspaces', () => {
  it('have a rule for their imports', () => {
    expect(appsAndPackages.map(folder => basename(folder)).sort()).toEqual(Object.keys(allowedImports).sort());
  });

  it.each(appsAndPackages)('%s depends on and imports only what the architecture allows', folder => {
    const dependencies = Object.keys(readManifest(`${folder}/package.json`).dependencies ?? {});
    const imported = imports.filter(({ from }) => from.startsWith(`${folder}/`)).map(({ to }) => to);
    const used = [...dependencies, ...imported].map(workspaceOf).filter(other => other !== undefined && other !== folder);
    const allowed = allowedImports[basename(folder)] ?? [];
    expect([...new Set(used)].filter(other => !allowed.includes(basename(other ?? '')))).toEqual([]);
  });

  it('packages/client has no dependencies', () => {
    expect(readManifest('packages/client/package.json').dependencies ?? {}).toEqual({});
  });
});

describe('the folders of the packages', () => {
  // Cycles of modules are found by Biome (noImportCycles in biome.json).
  const sources = modules.filter(path => /^packages\/[^/]+\/src\//.test(path));
  const parentFolders = [...new Set(sources.flatMap(path => ancestorsIn(path)))].sort();

  it.each(parentFolders)('%s: no file or folder in it imports back into one that imports it', folder => {
    const cycle = findCycle(importsBetweenChildren(folder, imports));
    expect(cycle, explainCycle(folder, cycle ?? [], imports)).toBeUndefined();
  });

  /** Returns the folders of a module, from that of the package's `src` down. */
  function ancestorsIn(path: string): readonly string[] {
    const parts = dirname(path).split('/');
    return parts.slice(2).map((_, index) => parts.slice(0, index + 3).join('/'));
  }
});

describe('a library that one part wraps', () => {
  it.each([
    ['execa', 'packages/podman/src/process/'],
    ['bullmq', 'packages/jobs/src/bullmq/'],
    ['ioredis', 'packages/redis/src/'],
    // Loaded only if traces are on.
    ['@opentelemetry/', 'packages/runtime/src/tracing/otel/'],
  ])('%s is imported in %s only', (library, home) => {
    const importers = imports.filter(({ from, to }) => isIn(library, to) && /^(?:apps|packages)\//.test(from)).map(({ from }) => from);
    expect(importers.filter(path => !path.startsWith(home))).toEqual([]);
    expect(importers).not.toEqual([]);
  });

  const isIn = (library: string, name: string) => (library.endsWith('/') ? name.startsWith(library) : name === library);
});

describe('source files', () => {
  it('have at most 250 lines', () => {
    const linesOf = (path: string) => read(path).trimEnd().split('\n').length;
    const files = findFiles('{apps,packages,tools,test,release}/**/*.{ts,js,mjs,sh,css,html}');
    expect(files.filter(path => linesOf(path) > 250)).toEqual([]);
    expect(files).not.toEqual([]);
  });
});

describe('the API process', () => {
  it('never loads execa or the podman driver', () => {
    const script = `
      import { registerHooks } from 'node:module';
      const loaded = [];
      registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
      await import(${JSON.stringify(`${root}apps/api/src/app.ts`)});
      console.log(loaded.filter(url => /node_modules\\/execa|packages\\/podman\\/src\\/(?!environment-arguments)/.test(url)).join('\\n'), loaded.length > 50);`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
    expect(stdout).toBe(' true\n');
  });
});
