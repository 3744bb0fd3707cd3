import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { shouldRun } from './ci/expressions.ts';
import { parseAction, parseWorkflow, type Step } from './ci/workflow.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string) => readFileSync(root + path, 'utf8');
const workflows = globSync('.github/workflows/*.yml', { cwd: root }).map(path => ({
  path,
  text: read(path),
  ...parseWorkflow(read(path)),
}));
const jobs = workflows.flatMap(({ path, jobs }) => Object.entries(jobs).map(([name, job]) => ({ id: `${path}: ${name}`, ...job })));
const actionSteps = globSync('.github/actions/*/action.yml', { cwd: root }).flatMap(path => parseAction(read(path)).runs.steps);
const steps: readonly Step[] = [...jobs.flatMap(job => job.steps ?? []), ...actionSteps];

/** The jobs of test.yml that run on an event. */
function jobsOn(event: string): string[] {
  const { jobs } = parseWorkflow(read('.github/workflows/test.yml'));
  const contexts = { github: { event_name: event } };
  return Object.entries(jobs).flatMap(([name, job]) => (shouldRun(job.if, contexts) ? [name] : []));
}

describe('every workflow', () => {
  it('has a concurrency group, and its rights are to read the repository unless a job says more', () => {
    for (const { path, permissions, concurrency } of workflows) {
      expect({ path, permissions }).toEqual({ path, permissions: { contents: 'read' } });
      expect(concurrency?.group).toMatch(/^(test|codeql|release)-.*\$\{\{ github\.ref \}\}$/);
    }
  });

  it('gives each right beyond that to one job only', () => {
    const extra = jobs.flatMap(({ id, permissions = {} }) =>
      Object.entries(permissions).flatMap(([right, level]) => (level === 'write' ? [`${id}: ${right}`] : [])),
    );
    expect(extra.sort()).toEqual([
      '.github/workflows/codeql.yml: analyze: security-events',
      '.github/workflows/release.yml: publish: id-token',
      '.github/workflows/release.yml: release: contents',
    ]);
  });

  it('limits the time of each job', () => {
    expect(jobs.filter(job => job.uses === undefined && job['timeout-minutes'] === undefined).map(({ id }) => id)).toEqual([]);
  });

  it('keeps no credentials in its checkouts', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.length).toBeGreaterThan(3);
    expect(checkouts.filter(step => String(step.with?.['persist-credentials']) !== 'false')).toEqual([]);
  });

  it('has no expressions in shell lines, which could be injected by a branch name', () => {
    expect(steps.filter(({ run }) => run?.includes('${{'))).toEqual([]);
  });

  it('runs scripts and files that exist', () => {
    const { scripts }: { scripts: Readonly<Record<string, string>> } = JSON.parse(read('package.json'));
    const lines = steps.flatMap(({ run = '' }) => run.split('\n'));
    const named = lines.flatMap(line => [...line.matchAll(/npm (?:run )?(test(?::\w+)?|(?<=run )[\w:]+)/g)].map(([, name = '']) => name));
    expect(named).toEqual(expect.arrayContaining(['test', 'test:all', 'pack:cli', 'pack:python']));
    expect(named.filter(name => !Object.hasOwn(scripts, name))).toEqual([]);
    const files = lines.flatMap(line => line.match(/(?<=^|\s)(?:release|\.githooks)\/[\w./-]+/g) ?? []);
    expect(files.length).toBeGreaterThan(2);
    expect(files.filter(file => !existsSync(root + file))).toEqual([]);
  });
});

describe('test.yml', () => {
  it('runs the quick suite and the image on pull requests, and checks the commit messages', () => {
    expect(jobsOn('pull_request')).toEqual(['commits', 'quick', 'image']);
  });

  it('runs the whole suite on pushes to main and every night', () => {
    expect(jobsOn('push')).toEqual(['quick', 'all', 'image']);
    expect(jobsOn('schedule')).toEqual(['all', 'image']);
    expect(parseWorkflow(read('.github/workflows/test.yml')).on).toMatchObject({
      push: { branches: ['main'] },
      schedule: [{ cron: expect.any(String) }],
    });
  });

  it('covers Debian 12 and 13, and Node.js from the oldest supported version to the current one', () => {
    const { engines }: { engines: { node: string } } = JSON.parse(read('package.json'));
    const { quick } = parseWorkflow(read('.github/workflows/test.yml')).jobs;
    expect(quick?.strategy?.matrix).toEqual({ debian: ['bookworm', 'trixie'], node: ['22.18', '24', 'current'] });
    expect(engines.node).toBe('>=22.18');
  });
});
