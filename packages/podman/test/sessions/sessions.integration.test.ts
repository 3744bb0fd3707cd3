import { readdirSync, readFileSync } from 'node:fs';
import { skipWithoutLimits, skipWithoutRoot, testPodman, until } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { awaitProcess, exec, listProcesses, podmanWithSessions, startContainer, startWarmContainer, warmUp } from './exec-in-session.ts';
import { describeSessionImages } from './session-images.ts';

const plainPodman = testPodman(8);
/** Runs a shell script in a container, without a session. */
const runScript = (name: string, script: string) => plainPodman.run(['exec', '--', name, 'sh', '-c', script]);

// Other images are tried in `npm run test:all`.
describeSessionImages('busybox');

describe.concurrent('exec in a session', () => {
  it('keeps the output of concurrent execs apart', async context => {
    const { podman, name } = await startWarmContainer(context, 'busybox');
    const texts = Array.from({ length: 20 }, (_, index) => `${index}`.repeat(500));
    const results = await Promise.all(texts.map(text => exec(podman, name, ['sh', '-c', `printf %s ${text}; printf %s ${text} >&2`])));
    expect(results.map(({ stdout, stderr }) => [stdout, stderr])).toEqual(texts.map(text => [text, text]));
    expect(podman.sessions).toBeLessThanOrEqual(4);
  });

  it('ends by SIGKILL when its container is stopped', async context => {
    const { podman, name } = await startWarmContainer(context, 'busybox');
    const hasStarted = Promise.withResolvers<void>();
    const running = exec(podman, name, ['sh', '-c', 'echo started; sleep 4321'], {
      onStdout: text => {
        if (text === 'started\n') hasStarted.resolve();
      },
    });
    await hasStarted.promise;
    await plainPodman.run(['stop', '--time=0', '--', name]);
    expect(await running).toMatchObject({ exitCode: 137, stdout: 'started\n' });
  });

  it('is ended in the container on abort, and the session stays usable', async context => {
    const { podman, name } = await startWarmContainer(context, 'busybox');
    const controller = new AbortController();
    const running = exec(podman, name, ['sh', '-c', 'trap "" TERM; (setsid sleep 4321 &); while :; do sleep 4321; done'], controller);
    await awaitProcess(name, 'sleep 4321');
    controller.abort(new Error('enough'));
    expect(await running).toMatchObject({ exitCode: null });
    expect(await listProcesses(name)).not.toContain('sleep 4321');
    await warmUp(podman, name);
  });

  it('has an unknown outcome, runs once and is ended if it kills the session', async context => {
    const { podman, name } = await startWarmContainer(context, 'busybox');
    const script = 'echo ran >>/ran; kill -9 $PPID; sleep 4321';
    await runScript(name, `printf '#!/bin/sh\\n%s\\n' '${script}' >/script; chmod 755 /script`);
    await expect(exec(podman, name, ['/script'])).rejects.toMatchObject({ outcome: 'unknown' });
    expect(await runScript(name, 'cat /ran')).toBe('ran\n');
    expect(await listProcesses(name)).not.toContain('sleep 4321');
  });

  it('does not run again if the session is killed before its pumps have written anything', async context => {
    const { podman, name } = await startWarmContainer(context, 'busybox');
    const lines = (await plainPodman.run(['top', name, 'hpid', 'args'])).split('\n').map(line => line.trim().split(/\s+/));
    const idsOf = (program: string) => lines.filter(([, own]) => own === program).map(([id]) => Number(id));
    const [pumps, shell] = [idsOf('cat'), idsOf('sh')];
    for (const id of pumps) process.kill(id, 'SIGSTOP');
    const running = exec(podman, name, ['sh', '-c', 'echo ran >>/ran']);
    await until(async () => (await runScript(name, 'cat /ran || :')) === 'ran\n');
    for (const id of [...shell, ...pumps]) process.kill(id, 'SIGKILL');
    await expect(running).rejects.toMatchObject({ outcome: 'unknown' });
    expect(await runScript(name, 'cat /ran')).toBe('ran\n');
  });
});

describe.concurrent('exec without the session', () => {
  it('runs in a container that has been restarted, and fails in one that is stopped', async context => {
    const { podman, name } = await startWarmContainer(context, 'busybox');
    await podman.run(['restart', '--time=0', '--', name]);
    expect(await exec(podman, name, ['echo', 'again'])).toMatchObject({ exitCode: 0, stdout: 'again\n' });
    await podman.run(['stop', '--time=0', '--', name]);
    expect(await exec(podman, name, ['true'])).toMatchObject({ reason: 'not-running' });
  });

  it('fails in a paused container, and does not run later', async context => {
    skipWithoutLimits(context);
    const { podman, name } = await startWarmContainer(context, 'busybox');
    await podman.run(['pause', name]);
    const result = await exec(podman, name, ['touch', '/ran']);
    await podman.run(['unpause', name]);
    expect(result).toMatchObject({ reason: 'not-running' });
    expect(await exec(podman, name, ['ls', '/ran'])).toMatchObject({ exitCode: 1 });
  });
});

describe.concurrent('session pool', () => {
  it('keeps no more sessions than its limit', async context => {
    const podman = podmanWithSessions(context, { maxSessions: 2 });
    const names = await Promise.all(Array.from({ length: 4 }, () => startContainer('plain')));
    const execInEach = async () => {
      for (const name of names) {
        await exec(podman, name, ['true']);
        expect(podman.sessions).toBeLessThanOrEqual(2);
      }
    };
    await execInEach();
    await until(() => podman.sessions === 2);
    await execInEach();
  });

  it.for([
    ['without a shell', 'bare', []],
    ['with a low limit of processes', 'busybox', ['--pids-limit=20']],
  ] as const)('opens none in a container %s', async ([, image, flags], context) => {
    if (flags.length > 0) skipWithoutLimits(context);
    const podman = podmanWithSessions(context);
    const name = await startContainer(image, ...flags);
    for (let count = 0; count < 2; count += 1) await exec(podman, name, ['sleep', '0']);
    await until(() => podman.sessions === 0);
    expect(await exec(podman, name, ['sleep', '0'])).toMatchObject({ exitCode: 0 });
    expect(podman.ranInSessions).toBe(0);
  });

  it('ends podman and the shell of an idle session on close', async context => {
    skipWithoutRoot(context);
    const { podman, name } = await startWarmContainer(context, 'busybox');
    const id = (await podman.run(['inspect', '--format={{.Id}}', name])).trim();
    const texts = processTexts().filter(text => text.includes(id));
    const mark = texts.map(text => /PODMAN_API_SESSION=\w+/.exec(text)?.[0]).find(found => found !== undefined) ?? 'none';
    const marked = () => processTexts().filter(text => text.includes(mark));
    await until(() => marked().length === 2);
    await podman.close();
    expect(podman.sessions).toBe(0);
    await until(() => marked().length === 0);
    await until(async () => (await listProcesses(name)).join() === 'sleep 600');
  });
});

/** The arguments and environment of each process of this host, those in containers included. */
function processTexts(): string[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .map(pid => readIfExists(`/proc/${pid}/cmdline`) + readIfExists(`/proc/${pid}/environ`));
}

function readIfExists(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
