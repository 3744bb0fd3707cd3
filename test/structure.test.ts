import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const sources = globSync('{apps,packages}/*/src/**/*.{ts,sh}', { cwd: root });
const linesOf = (path: string) =>
  readFileSync(root + path, 'utf8')
    .trimEnd()
    .split('\n').length;

describe('source files', () => {
  it('have at most 250 lines, and half of them at most 60', () => {
    const sizes = sources.map(linesOf).sort((one, other) => one - other);
    expect(sources.filter(path => linesOf(path) > 250)).toEqual([]);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(60);
  });

  it('import packages in one direction only: errors, runtime, podman, operations, queue, apps', () => {
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
      // The linter refuses imports that are not declared.
      expect(ours.filter(dependency => order.indexOf(dependency) >= order.indexOf(short))).toEqual([]);
    }
  });

  it.each([
    ['execa', 'packages/podman'],
    ['bullmq', 'packages/queue'],
    ['ioredis', 'packages/queue'],
  ])('import %s in %s only', (library, home) => {
    const importers = sources.filter(path => new RegExp(`from '${library}'`).test(readFileSync(root + path, 'utf8')));
    expect(importers.filter(path => !path.startsWith(`${home}/`))).toEqual([]);
    expect(importers).not.toEqual([]);
  });

  it('import OpenTelemetry in one folder only, which is loaded only if traces are on', () => {
    const importers = sources.filter(path => /'@opentelemetry\//.test(readFileSync(root + path, 'utf8')));
    expect(importers.filter(path => !path.startsWith('packages/runtime/src/tracing/otel/'))).toEqual([]);
    expect(importers).not.toEqual([]);
  });
});

describe('the client', () => {
  it('has no dependencies', () => {
    const { dependencies = {} }: { dependencies?: object } = JSON.parse(readFileSync(`${root}packages/client/package.json`, 'utf8'));
    expect(dependencies).toEqual({});
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
