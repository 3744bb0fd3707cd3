import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { images, type Service, startService, testPodman } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { runJob, type Surroundings } from './ci/github.ts';
import { runLines } from './ci/shell.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
/** An example, with the tests' image in place of the one that the set-up makes on a host. */
const example = (name: string) =>
  readFileSync(join(root, 'docs/ci', name), 'utf8').replaceAll('localhost/podman-api/busybox', images.busybox);

let service: Service;
let token: string;
let folder: string;
/** What a CI system gives to every line, and where `npm install --global` puts things. */
let env: Record<string, string>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-ci-'));
  service = await startService();
  const variables = { ...process.env, ...service.env };
  const create = ['apps/api/src/token.ts', 'create', 'ci', '--scopes', 'containers:write,exec'];
  token = execFileSync(process.execPath, create, { cwd: root, env: variables, encoding: 'utf8' }).trim();
  execFileSync(process.execPath, ['packages/client/pack/main.ts', folder], { cwd: root, env: { ...process.env, PATH: path() } });
  env = {
    PATH: `${join(folder, 'global/bin')}:${path()}`,
    NPM_CONFIG_PREFIX: join(folder, 'global'),
    NPM_CONFIG_CACHE: join(folder, 'cache'),
    PODMAN_API_PACKAGE: join(folder, 'podman-api-0.1.0.tgz'),
  };
}, 120_000);
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A current `node` comes first, as CONTRIBUTING says. */
const path = () => `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`;

/** A repository with a test that ends with a code. */
function repository(code: number): string {
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

/** The containers that this service has made and the examples have left. */
async function left(): Promise<string[]> {
  const listed: readonly { Names: string[]; Labels: Record<string, string> }[] = JSON.parse(
    await testPodman().run(['ps', '--all', '--filter=label=podman-api.job', '--format=json']),
  );
  const own = listed.filter(({ Labels }) => Labels['podman-api.job']?.startsWith(`${service.env['NODE_NAME']}_`));
  return own.flatMap(({ Names }) => Names);
}

describe.each([
  ['passes', 0],
  ['fails', 3],
])('with a test that %s', (_what, code) => {
  test('the job of GitHub Actions does', async () => {
    const around = github(repository(code));
    const ran = await runJob(example('github-actions.yml'), 'repository', around);
    expect(ran).toMatchObject({ code, output: expect.stringContaining('/src\nthe tests ran\n') });
    expect(around.used).toEqual([]);
    expect(await left()).toEqual([]);
  });

  test('the job of GitLab CI does', async () => {
    const { test: job } = parse(example('gitlab-ci.yml'));
    const own = { ...env, ...connection(), CONTAINER: `test-${process.pid}-${code}` };
    const workspace = repository(code);
    const ran = await runLines('sh', [...job.before_script, ...job.script].join('\n'), own, workspace);
    expect(ran).toMatchObject({ code, output: expect.stringMatching(/hello from [0-9a-f]{12}\n[\s\S]*\/src\nthe tests ran\n/) });
    expect((await runLines('sh', job.after_script.join('\n'), own, workspace)).code).toBe(0);
    expect(await left()).toEqual([]);
  });

  test("Jenkins's pipeline does", async () => {
    const stages = [...example('Jenkinsfile').matchAll(/sh '''\n([\s\S]*?)'''/g)].map(([, lines = '']) => lines);
    expect(stages).toHaveLength(3);
    const own = { ...env, ...connection(), CONTAINER: `test-${process.pid}-${code}` };
    const workspace = repository(code);
    const run = (lines = '') => runLines('sh', lines, own, workspace);
    expect(await run(stages[0])).toMatchObject({ code: 0, output: expect.stringMatching(/hello from [0-9a-f]{12}\n/) });
    expect(await run(stages[1])).toMatchObject({ code, output: expect.stringContaining('/src\nthe tests ran\n') });
    expect((await run(stages[2])).code).toBe(0);
    expect(await left()).toEqual([]);
  });
});

describe('the action runs lines in a container of their own', () => {
  test("with the runner's Node.js", async () => {
    const around = github(repository(0));
    const ran = await runJob(example('github-actions.yml'), 'lines', around);
    expect(ran).toMatchObject({ code: 0, output: expect.stringMatching(/hello from [0-9a-f]{12}\n\d+\n/) });
    expect(around.used).toEqual([]);
    expect(await left()).toEqual([]);
  });

  test('with one that is set up, where that is too old', async () => {
    const old = mkdtempSync(join(folder, 'old-'));
    writeFileSync(join(old, 'node'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const around = github(repository(0), { PATH: `${old}:${path()}` });
    expect(await runJob(example('github-actions.yml'), 'lines', around)).toMatchObject({ code: 0 });
    expect(around.used).toEqual([expect.stringMatching(/^actions\/setup-node@[0-9a-f]{40}$/)]);
  });
});

test('a token that is none is refused in one line, and is not shown', async () => {
  const own = { ...env, PODMAN_API_URL: service.url, PATH: path() };
  for (const wrong of ['', `${token}x`]) {
    const ran = await runLines('sh', 'podman-api ps', { ...own, PODMAN_API_TOKEN: wrong }, folder);
    expect(ran).toEqual({ code: 241, output: expect.stringMatching(/^podman-api: .*token.*\n$/) });
    expect(ran.output).not.toContain(token);
  }
});

test('what a workflow hands to the action is never run by a shell of the runner', async () => {
  const step = {
    uses: 'owner/podman-api@main',
    with: { image: images.busybox, run: 'echo "$(hostname)"; exit 4', timeout: '$(touch hostile)', node: '`id`' },
  };
  const hostile = { env: connection(), jobs: { hostile: { steps: [step] } } };
  const ran = await runJob(JSON.stringify(hostile), 'hostile', github(folder));
  expect(ran).toMatchObject({ code: 240, output: expect.stringContaining('--timeout must be a number, and is "$(touch hostile)"') });
});

const connection = () => ({ PODMAN_API_URL: service.url, PODMAN_API_TOKEN: token });

function github(workspace: string, more: Readonly<Record<string, string>> = {}): Surroundings {
  const { PODMAN_API_URL, PODMAN_API_TOKEN } = connection();
  return {
    action: root,
    workspace,
    temp: folder,
    env: { PATH: path(), ...more },
    vars: { PODMAN_API_URL },
    secrets: { PODMAN_API_TOKEN },
    used: [],
  };
}
