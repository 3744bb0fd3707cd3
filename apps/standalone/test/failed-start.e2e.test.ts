import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type TestChild, until } from '@podman-api/testing';
import { childrenOf, listProcesses } from '@podman-api/testing/processes';
import { describe, expect, it, type TestContext } from 'vitest';
import { prepare } from './start.ts';

/** Writes a shell script that replaces a program. @returns the PATH that has it first */
function replaceProgram(folder: string, name: string, script: string): string {
  const programs = join(folder, 'programs');
  mkdirSync(programs, { recursive: true });
  writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return [programs, process.env['PATH']].join(delimiter);
}

/** Starts podman-api with a podman that never answers. It ends with the worker, which does not end all of its podman processes. */
async function startWithHangingPodman(context: TestContext): Promise<TestChild> {
  const { folder, start } = prepare(context);
  const program = join(folder, 'programs/podman');
  const child = start({ PATH: replaceProgram(folder, 'podman', `exec tail --pid="$PPID" --follow '${program}'`) });
  context.onTestFinished(async () => {
    await until(() => listProcesses().every(({ argv }) => !argv.includes(program)));
  });
  await child.waitForOutput('listening on');
  return child;
}

const answerVersion = '[ "$1" = --version ] && exit 0';
const fail = 'echo "1:M 01 Dec 2026 12:00:00.000 # Bad file format"; exit 1';

describe.concurrent('npm start', () => {
  it('exits with 0 on SIGINT while it waits for podman', async context => {
    const child = await startWithHangingPodman(context);
    expect(await child.end('SIGINT')).toBe(0);
    expect(child.output()).not.toContain('fetch failed');
  });

  it('exits with one line if the API dies while it waits for podman', async context => {
    const child = await startWithHangingPodman(context);
    const api = childrenOf(child.process.pid).find(({ argv }) => argv.some(arg => arg.endsWith('api/src/main.ts')));
    process.kill(api?.pid ?? Number.NaN, 'SIGKILL');

    expect(await child.ended).toBe(1);
    expect(child.output()).toContain('api exited (by SIGKILL); shutting down');
    expect(child.output()).not.toContain('fetch failed');
  });

  it('exits with one line that has the reason if Redis cannot start', async context => {
    const { folder, start } = prepare(context);
    const child = start({ PATH: replaceProgram(folder, 'redis-server', `${answerVersion}\n${fail}`) });

    expect(await child.ended).toBe(1);
    expect(child.output()).toBe(
      `Redis cannot start with its data in ${join(folder, 'redis')} (exit code 1: Bad file format): fix the cause, then start again.\n`,
    );
  });

  it('says why it shuts down if Redis cannot be restarted', async context => {
    const { folder, start } = prepare(context);
    const redis = spawnSync('sh', ['-c', 'command -v redis-server || command -v valkey-server'], { encoding: 'utf8' }).stdout.trim();
    const script = [answerVersion, `[ -e '${folder}/started' ] && { ${fail}; }`, `: >'${folder}/started'`, `exec '${redis}' "$@"`];
    const child = start({ PATH: replaceProgram(folder, 'redis-server', script.join('\n')) });
    await child.waitForOutput('listening on');
    const server = childrenOf(child.process.pid).find(({ argv: [program = ''] }) => program.startsWith(redis));
    process.kill(server?.pid ?? Number.NaN, 'SIGKILL');

    expect(await child.ended).toBe(1);
    expect(child.output()).toContain('Redis exited (by SIGKILL); starting it again');
    expect(child.output()).toContain('Redis exited (exit code 1: Bad file format); shutting down');
  });
});
