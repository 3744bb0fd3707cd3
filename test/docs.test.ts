import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorTypes } from '@podman-api/errors';
import { jobStatuses, newJobId } from '@podman-api/jobs';
import { describe, expect, it } from 'vitest';
import { keys as clusterKeys } from '../packages/cluster/src/keys.ts';
import { keys as jobKeys } from '../packages/jobs/src/keys.ts';
import { keys as statsKeys } from '../packages/stats/src/keys.ts';
import { isNotRun, readShellBlocks, root } from './docs/blocks.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const docs = globSync('docs/*.md', { cwd: root });
const pages = [...globSync('*.md', { cwd: root }), ...docs];

/** The test that runs the shell blocks of a page. On other pages, a note before each block must give a reason. */
const runPages: Readonly<Record<string, string>> = {
  'CONTRIBUTING.md': 'test/contributing.long.test.ts',
  'README.md': 'test/docs-commands.e2e.test.ts',
  'docs/getting-started.md': 'test/docs-commands.e2e.test.ts',
  'docs/api.md': 'test/docs-commands.long.test.ts',
  'docs/files-and-users.md': 'test/docs-commands.long.test.ts',
  'docs/runs.md': 'test/docs-commands.long.test.ts',
  'docs/grading.md': 'test/grading-docs.long.test.ts',
  'docs/observability.md': 'test/docs-commands.long.test.ts',
  'docs/cli.md': 'test/cli-docs.long.test.ts',
  'docs/fleet.md': 'test/fleet-docs.long.test.ts',
  'docs/deployment.md': 'test/deployment-docs.e2e.test.ts',
};

/** Returns the text between two comments of a page, `<!-- name: … -->` and `<!-- /name -->`. */
function sectionOf(page: string, name: string): string {
  return new RegExp(`<!-- ${name}:.*-->\\n([\\s\\S]*?)<!-- /${name} -->`).exec(read(page))?.[1] ?? '';
}

/** Returns the id that GitHub gives a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

/** Returns the ids of a page's headings. */
const anchorsOf = (path: string) =>
  [
    ...read(path)
      .replaceAll(/^```[\s\S]*?^```/gm, '')
      .matchAll(/^#+ (.*)$/gm),
  ].map(([, heading = '']) => anchorOf(heading));

describe('the pages', () => {
  it.each(pages)('%s has no broken link', path => {
    const links = [...read(path).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);
    const broken = links.filter(link => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      return !existsSync(join(root, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
    });
    expect(broken).toEqual([]);
  });

  it.each(docs)('%s starts with its purpose', path => {
    expect(read(path)).toMatch(/^# .+\n\nUse this page to /);
  });

  it.each(pages)('%s has a test that runs its shell blocks, or a note why a block is not run', path => {
    const blocks = readShellBlocks(path).filter(block => !isNotRun(block));
    const test = runPages[path];
    if (test === undefined) expect(blocks).toEqual([]);
    else expect(existsSync(join(root, test))).toBe(true);
  });

  it('are all linked from the README', () => {
    const readme = read('README.md');
    expect(docs.filter(path => !readme.includes(`](${path})`))).toEqual([]);
  });
});

describe('README.md', () => {
  it('has at most 150 lines', () => {
    expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  });
});

describe('docs/api.md', () => {
  it('lists every route of the OpenAPI document', () => {
    const { paths }: { paths: Record<string, object> } = JSON.parse(read('docs/openapi.json'));
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    const documented = [...sectionOf('docs/api.md', 'routes').matchAll(/^\| `(\w+) (\S+)` \|/gm)].map(
      ([, method, path]) => `${method} /api/v1${path}`,
    );
    expect(documented.sort()).toEqual(routes.filter(route => route.includes('/api/v1/')).sort());
  });

  it('lists every status of a job', () => {
    expect([...sectionOf('docs/api.md', 'statuses').matchAll(/^\| `(\w+)` \|/gm)].map(([, status]) => status)).toEqual([...jobStatuses]);
  });

  it('lists every type of error', () => {
    const rows = [...sectionOf('docs/api.md', 'errors').matchAll(/^\| (\d+) \| `(\w+)` \|/gm)].map(([, code, type]) => [
      type,
      Number(code),
    ]);
    expect(rows).toEqual(Object.entries(errorTypes).map(([type, { status }]) => [type, status]));
  });
});

describe('docs/architecture.md', () => {
  it('lists every key in Redis', () => {
    const samples = { job: newJobId('host-7', 'commands'), text: 'x1' };
    const jobArguments: readonly string[] = ['record', 'sealed', 'waits', 'output', 'channel', 'channelIn', 'channelOut'];
    const inCode = [jobKeys, clusterKeys, statsKeys].flatMap(keys =>
      Object.entries(keys).map(([name, key]: [string, string | ((argument: string) => string)]) =>
        typeof key === 'string' ? key : key(jobArguments.includes(name) && keys === jobKeys ? samples.job : samples.text),
      ),
    );
    const documented = [...sectionOf('docs/architecture.md', 'keys').matchAll(/^\| `(podman-api:[^`]+)` \|/gm)].map(([, key = '']) => key);
    const patterns = documented.map(key => new RegExp(`^${key.replaceAll(/[{}]/g, '\\$&').replaceAll(/<[^>]+>/g, '[^:]+')}$`));
    expect(inCode.filter(key => patterns.filter(pattern => pattern.test(key)).length !== 1)).toEqual([]);
    // The rate limiter and the tickets have no module of keys.
    expect(documented.filter((_, index) => !inCode.some(key => patterns[index]?.test(key)))).toEqual([
      'podman-api:rate:<token>',
      'podman-api:ticket:<hash>',
    ]);
  });

  it('describes a call in ten steps', () => {
    const steps = read('docs/architecture.md').match(/^\d+\. \*\*/gm) ?? [];
    expect(steps).toEqual(Array.from({ length: 10 }, (_, index) => `${index + 1}. **`));
  });

  it('has a glossary of at most 25 terms', () => {
    const [, glossary = ''] = read('docs/architecture.md').split('## Glossary');
    const terms = (glossary.match(/^\| /gm) ?? []).length - 1;
    expect(terms).toBeGreaterThan(10);
    expect(terms).toBeLessThanOrEqual(25);
  });
});
