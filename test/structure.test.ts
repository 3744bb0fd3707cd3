import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const sources = globSync('{apps,packages}/*/src/**/*.{ts,sh}', { cwd: root });
const linesOf = (path: string) =>
  readFileSync(root + path, 'utf8')
    .trimEnd()
    .split('\n').length;

test('source files are small', () => {
  const sizes = sources.map(linesOf).sort((one, other) => one - other);
  expect(sources.filter(path => linesOf(path) > 250)).toEqual([]);
  expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(60);
});

test('imports run one way: errors, podman, operations, queue, apps', () => {
  const order = ['errors', 'runtime', 'podman', 'operations', 'queue', 'api', 'worker', 'standalone'];
  for (const manifest of globSync('{apps,packages}/{api,worker,standalone,errors,runtime,podman,operations,queue}/package.json', {
    cwd: root,
  })) {
    const { name, dependencies = {} }: { name: string; dependencies?: Record<string, string> } = JSON.parse(
      readFileSync(root + manifest, 'utf8'),
    );
    const short = name.replace('@podman-api/', '');
    const ours = Object.keys(dependencies)
      .filter(dependency => dependency.startsWith('@podman-api/'))
      .map(dependency => dependency.slice('@podman-api/'.length));
    // The linter sees to it that nothing is imported which is not declared.
    expect(ours.filter(dependency => order.indexOf(dependency) >= order.indexOf(short))).toEqual([]);
  }
});

test.each([
  ['execa', 'packages/podman'],
  ['bullmq', 'packages/queue'],
  ['ioredis', 'packages/queue'],
])('only one package imports %s: %s', (library, home) => {
  const importers = sources.filter(path => new RegExp(`from '${library}'`).test(readFileSync(root + path, 'utf8')));
  expect(importers.filter(path => !path.startsWith(`${home}/`))).toEqual([]);
  expect(importers).not.toEqual([]);
});

test('one folder imports OpenTelemetry, which is loaded where traces are wanted', () => {
  const importers = sources.filter(path => /'@opentelemetry\//.test(readFileSync(root + path, 'utf8')));
  expect(importers.filter(path => !path.startsWith('packages/runtime/src/tracing/otel/'))).toEqual([]);
  expect(importers).not.toEqual([]);
});

test('the client needs nothing but Node.js', () => {
  const { dependencies = {} }: { dependencies?: object } = JSON.parse(readFileSync(`${root}packages/client/package.json`, 'utf8'));
  expect(dependencies).toEqual({});
});

test('the API never loads execa or the podman driver', () => {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
    await import(${JSON.stringify(`${root}apps/api/src/app.ts`)});
    console.log(loaded.filter(url => /node_modules\\/execa|packages\\/podman/.test(url)).join('\\n'), loaded.length > 50);`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
  expect(stdout).toBe(' true\n');
});
