import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { images, type Service, startService, testPodman } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type RunnerOptions, runJob } from './ci/runner.ts';
import { runShell } from './ci/shell.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
/** Returns an example, with the tests' image in place of the one that the set-up makes on a host. */
const readExample = (name: string) =>
  readFileSync(join(root, 'docs/ci', name), 'utf8').replaceAll('localhost/podman-api/busybox', images.busybox);
/** A current `node` comes first. */
const path = `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`;

/** Whether the test of a repository passes, and the code that it exits with. */
const outcomes = [
  ['passes', 0],
  ['fails', 3],
] as const;

let service: Service;
let token: string;
let folder: string;
/** The variables of every line in GitLab CI and Jenkins, and settings of npm: its folders, and nothing that needs a network. */
let env: Record<string, string>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-ci-'));
  service = await startService();
  const variables = { ...process.env, ...service.env };
  const create = ['apps/api/src/token.ts', 'create', 'ci', '--scopes', 'containers:write,exec'];
  token = execFileSync(process.execPath, create, { cwd: root, env: variables, encoding: 'utf8' }).trim();
  const pack = ['packages/client/pack/main.ts', folder];
  const tarball = execFileSync(process.execPath, pack, { cwd: root, env: { ...process.env, PATH: path }, encoding: 'utf8' }).trim();
  env = {
    ...connection(),
    PATH: `${join(folder, 'global/bin')}:${path}`,
    PODMAN_API_PACKAGE: join(folder, tarball),
    NPM_CONFIG_PREFIX: join(folder, 'global'),
    NPM_CONFIG_CACHE: join(folder, 'cache'),
    NPM_CONFIG_OFFLINE: 'true',
    NPM_CONFIG_AUDIT: 'false',
    NPM_CONFIG_UPDATE_NOTIFIER: 'false',
  };
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

function connection() {
  return { PODMAN_API_URL: service.url, PODMAN_API_TOKEN: token };
}

/** Creates a repository with a test that exits with a code. */
function createRepository(code: number): string {
  const workspace = mkdtempSync(join(folder, 'repository-'));
  writeFileSync(join(workspace, 'test.sh'), `pwd; test -e other.txt; echo "the tests ran"; exit ${code}\n`);
  writeFileSync(join(workspace, 'other.txt'), '');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: workspace });
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'all');
  return workspace;
}

function createRunner(workspace: string, variables: Readonly<Record<string, string>> = {}): RunnerOptions {
  const { PODMAN_API_URL, PODMAN_API_TOKEN } = connection();
  return {
    action: root,
    workspace,
    temp: folder,
    env: { PATH: path, ...variables },
    contexts: {
      vars: { PODMAN_API_URL },
      secrets: { PODMAN_API_TOKEN },
      github: { run_id: randomBytes(4).toString('hex'), run_attempt: '1' },
    },
    usedActions: [],
  };
}

/** Returns the containers that this service has created and the examples have left. */
async function findContainers(): Promise<string[]> {
  const listed: readonly { Names: string[]; Labels: Record<string, string> }[] = JSON.parse(
    await testPodman().run(['ps', '--all', '--filter=label=podman-api.job', '--format=json']),
  );
  const own = listed.filter(({ Labels }) => Labels['podman-api.job']?.startsWith(`${service.env['NODE_NAME']}_`));
  return own.flatMap(({ Names }) => Names);
}

describe('the CI examples run the test in a container, exit with its code, and leave no container', () => {
  it.each(outcomes)('GitHub Actions, for a test that %s', async (_outcome, code) => {
    const runner = createRunner(createRepository(code));
    const result = await runJob(readExample('github-actions.yml'), 'repository', runner);
    expect(result).toMatchObject({ code, output: expect.stringContaining('/src\nthe tests ran\n') });
    expect(runner.usedActions).toEqual([]);
    expect(await findContainers()).toEqual([]);
  });

  it.each(outcomes)('GitLab CI, for a test that %s', async (_outcome, code) => {
    const { test: job } = parse(readExample('gitlab-ci.yml'));
    const run = runnerOfLines(createRepository(code));
    const result = await run([...job.before_script, ...job.script].join('\n'));
    expect(result).toMatchObject({ code, output: expect.stringMatching(/hello from [0-9a-f]{12}\n[\s\S]*\/src\nthe tests ran\n/) });
    expect((await run(job.after_script.join('\n'))).code).toBe(0);
    expect(await findContainers()).toEqual([]);
  });

  it.each(outcomes)('Jenkins, for a test that %s', async (_outcome, code) => {
    const stages = [...readExample('Jenkinsfile').matchAll(/sh '''\n([\s\S]*?)'''/g)].map(([, lines = '']) => lines);
    expect(stages).toHaveLength(3);
    const [hello = '', test = '', cleanUp = ''] = stages;
    const run = runnerOfLines(createRepository(code));
    expect(await run(hello)).toMatchObject({ code: 0, output: expect.stringMatching(/hello from [0-9a-f]{12}\n/) });
    expect(await run(test)).toMatchObject({ code, output: expect.stringContaining('/src\nthe tests ran\n') });
    expect((await run(cleanUp)).code).toBe(0);
    expect(await findContainers()).toEqual([]);
  });
});

/** Runs shell lines of one CI job, which uses one container. */
function runnerOfLines(workspace: string) {
  const variables = { ...env, CONTAINER: `test-${randomBytes(4).toString('hex')}` };
  return (lines: string) => runShell('sh', lines, variables, workspace);
}

describe('the action', () => {
  it("runs lines in a separate container, with the runner's Node.js", async () => {
    const runner = createRunner(createRepository(0));
    const result = await runJob(readExample('github-actions.yml'), 'lines', runner);
    expect(result).toMatchObject({ code: 0, output: expect.stringMatching(/hello from [0-9a-f]{12}\n\d+\n/) });
    expect(runner.usedActions).toEqual([]);
    expect(await findContainers()).toEqual([]);
  });

  it("sets up Node.js if the runner's is too old", async () => {
    const old = mkdtempSync(join(folder, 'old-'));
    writeFileSync(join(old, 'node'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const runner = createRunner(createRepository(0), { PATH: `${old}:${path}` });
    expect(await runJob(readExample('github-actions.yml'), 'lines', runner)).toMatchObject({ code: 0 });
    expect(runner.usedActions).toEqual([expect.stringMatching(/^actions\/setup-node@[0-9a-f]{40}$/)]);
  });

  it('passes its inputs on without a shell of the runner expanding them', async () => {
    const step = {
      uses: 'owner/podman-api@main',
      with: { image: images.busybox, run: 'echo "$(hostname)"; exit 4', timeout: '$(touch hostile)', node: '`id`' },
    };
    const hostile = { env: connection(), jobs: { hostile: { steps: [step] } } };
    const result = await runJob(JSON.stringify(hostile), 'hostile', createRunner(folder));
    expect(result).toMatchObject({ code: 240, output: expect.stringContaining('--timeout must be a number, but is "$(touch hostile)"') });
  });
});

describe('podman-api in CI', () => {
  it.each([
    ['an empty token', () => ''],
    ['a wrong token', () => `${token}x`],
  ])('exits with 241 and one line without the token for %s', async (_what, wrong) => {
    const result = await runShell('sh', 'podman-api ps', { ...env, PATH: path, PODMAN_API_TOKEN: wrong() }, folder);
    expect(result).toEqual({ code: 241, output: expect.stringMatching(/^podman-api: .*token.*\n$/) });
    expect(result.output).not.toContain(token);
  });
});
