import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { images, testPodman, until } from '@podman-api/testing';
import { ownName, startContainer } from '@podman-api/testing/containers';
import { afterEach, describe, expect, test } from 'vitest';
import type { CountedPodman } from '../src/index.ts';

const podmans: CountedPodman[] = [];
afterEach(() => Promise.all(podmans.splice(0).map(podman => podman.close())));

function podmanWithSessions(sessions = 4, sessionIdle = 60_000): CountedPodman {
  const podman = testPodman(8, { sessions, sessionIdle });
  podmans.push(podman);
  return podman;
}

interface Call {
  readonly user?: string;
  readonly signal?: AbortSignal;
}

/** Runs an exec as the operation does. */
async function exec(podman: CountedPodman, container: string, argv: readonly string[], { user, signal }: Call = {}) {
  const job = randomUUID();
  const written = { stdout: '', stderr: '' };
  const flags = [`--env=PODMAN_API_JOB=${job}`, ...(user === undefined ? [] : [`--user=${user}`])];
  const { exitCode, fault } = await podman.capture(['exec', ...flags, '--', container, ...argv], {
    stop: () => podman.kill(container, `PODMAN_API_JOB=${job}`),
    ...(signal && { signal }),
    session: { container, user, argv, environment: { PODMAN_API_JOB: job } },
    take(stream, bytes) {
      written[stream] += Buffer.from(bytes).toString('latin1');
      return undefined;
    },
  });
  return { exitCode, reason: fault?.reason, ...written };
}

/** Uses a container until it has a session. */
async function warm(podman: CountedPodman, container: string, call: Call = {}): Promise<void> {
  await until(async () => {
    const before = podman.ranInSessions;
    await exec(podman, container, ['true'], call);
    return podman.ranInSessions > before;
  });
}

/** What the processes of this host, in containers too, were started with: their arguments and variables. */
function startedWith(): string[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .map(pid => read(`/proc/${pid}/cmdline`) + read(`/proc/${pid}/environ`));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

test.each(['busybox', 'debian', 'plain'] as const)('a container of the image %s that is used again has a session', async kind => {
  const name = await startContainer(images[kind]);
  const podman = podmanWithSessions();
  await warm(podman, name);
  const before = podman.ranInSessions;
  for (let index = 0; index < 150; index += 1) {
    expect(await exec(podman, name, ['sh', '-c', `echo ${index}; echo ${-index} >&2; exit ${index}`])).toMatchObject({
      exitCode: index,
      stdout: `${index}\n`,
      stderr: `${-index}\n`,
    });
  }
  expect(podman.ranInSessions - before).toBeGreaterThan(140);
});

test('commands at once have their own output each', async () => {
  const name = await startContainer(images.busybox);
  const podman = podmanWithSessions();
  await warm(podman, name);
  const texts = Array.from({ length: 100 }, (_, index) => `${index}`.repeat(500));
  const seen = await Promise.all(texts.map(text => exec(podman, name, ['sh', '-c', `printf %s ${text}; printf %s ${text} >&2`])));
  expect(seen.map(({ stdout, stderr }) => [stdout, stderr])).toEqual(texts.map(text => [text, text]));
  expect(podman.sessions).toBeLessThanOrEqual(4);
});

test('sessions that have nothing to do are closed, and leave nothing', async () => {
  const name = await startContainer(images.busybox);
  const podman = podmanWithSessions(4, 300);
  await warm(podman, name);
  await until(() => podman.sessions === 0);
  expect((await podman.run(['top', name, 'args'])).trim().split('\n').slice(1)).toEqual(['sleep 600']);
});

test('many containers that are used once keep no more than the limit', async () => {
  const podman = podmanWithSessions(2, 1500);
  const names = await Promise.all(Array.from({ length: 6 }, () => startContainer(images.plain)));
  for (const name of names) {
    await exec(podman, name, ['true']);
    expect(podman.sessions).toBeLessThanOrEqual(2);
  }
  await until(() => podman.sessions > 0);
  await until(() => podman.sessions === 0);
});

test('with a limit of 0 there are none', async () => {
  const name = await startContainer(images.busybox);
  const podman = podmanWithSessions(0);
  for (let index = 0; index < 4; index += 1) await exec(podman, name, ['true']);
  expect([podman.sessions, podman.ranInSessions]).toEqual([0, 0]);
});

test('a container without a shell, and one with little room, have none', async () => {
  const podman = podmanWithSessions();
  const bare = await startContainer(images.bare);
  const narrow = await startContainer(images.busybox);
  await podman.run(['rm', '--force', '--time=0', narrow]);
  await podman.run(['run', '--detach', `--name=${narrow}`, '--pids-limit=20', images.busybox, 'sleep', '600']);
  for (const [name, argv] of [
    [bare, ['sleep', '0']],
    [narrow, ['true']],
  ] as const) {
    await exec(podman, name, argv);
    await exec(podman, name, argv);
    await until(() => podman.sessions === 0);
    expect(await exec(podman, name, argv)).toMatchObject({ exitCode: 0 });
  }
  expect(podman.ranInSessions).toBe(0);
});

test('what an image has by the name of sh stays no longer than a shell would, and what it writes is not kept', async () => {
  const name = await startContainer(images.busybox);
  const podman = podmanWithSessions();
  const script =
    "mkdir -p /opt; cp /bin/busybox /opt/busybox; printf '#!/opt/busybox sh\\nexec /opt/busybox yes\\n' >/tmp/sh; chmod 755 /tmp/sh; mv /tmp/sh /bin/sh";
  await podman.run(['exec', name, 'sh', '-c', script]);
  await exec(podman, name, ['true']);
  await exec(podman, name, ['true']);
  await until(() => podman.sessions === 0);
  await until(async () => (await podman.run(['top', name, 'args'])).trim().split('\n').length === 2);
  expect(podman.ranInSessions).toBe(0);
});

test('a read-only container has a session', async () => {
  const name = await startContainer(images.busybox);
  const podman = podmanWithSessions();
  await podman.run(['rm', '--force', '--time=0', name]);
  await podman.run(['run', '--detach', `--name=${name}`, '--read-only', '--read-only-tmpfs=false', images.busybox, 'sleep', '600']);
  await warm(podman, name);
});

describe('a session is not used', () => {
  test('in a container that has been started anew', async () => {
    const name = await startContainer(images.busybox);
    const podman = podmanWithSessions();
    await warm(podman, name);
    await podman.run(['restart', '--time=0', '--', name]);
    expect(await exec(podman, name, ['echo', 'again'])).toMatchObject({ exitCode: 0, stdout: 'again\n' });
    await podman.run(['stop', '--time=0', '--', name]);
    expect(await exec(podman, name, ['true'])).toMatchObject({ reason: 'not-running' });
  });

  test('in another container of the same name', async () => {
    const name = await startContainer(images.busybox);
    const podman = podmanWithSessions();
    await warm(podman, name);
    await podman.run(['rm', '--force', '--time=0', name]);
    await podman.run(['run', '--detach', `--name=${name}`, images.debian, 'sleep', '600']);
    expect(await exec(podman, name, ['cat', '/etc/debian_version'])).toMatchObject({ exitCode: 0 });
  });

  test('under a name that its container has no more', async () => {
    const name = await startContainer(images.busybox);
    const another = await startContainer(images.debian);
    const podman = podmanWithSessions();
    await warm(podman, name);
    const spare = ownName();
    await podman.run(['rename', name, spare]);
    expect(await exec(podman, name, ['true'])).toMatchObject({ reason: 'no-container' });
    await podman.run(['rename', another, name]);
    expect(await exec(podman, name, ['cat', '/etc/debian_version'])).toMatchObject({ exitCode: 0 });
  });

  test('after its user has changed', async () => {
    const name = await startContainer(images.debian);
    const podman = podmanWithSessions();
    await podman.run(['exec', name, 'useradd', '--home-dir=/before', 'bob']);
    await warm(podman, name, { user: 'bob' });
    await podman.run(['exec', name, 'sh', '-c', 'groupadd crew; usermod --home /after --groups crew bob']);
    expect(await exec(podman, name, ['sh', '-c', 'echo $HOME; id -Gn'], { user: 'bob' })).toMatchObject({ stdout: '/after\nbob crew\n' });
  });

  test('in a paused container, nor later', async () => {
    const name = await startContainer(images.busybox);
    const podman = podmanWithSessions();
    await warm(podman, name);
    await podman.run(['pause', name]);
    const refused = await exec(podman, name, ['touch', '/ran']);
    await podman.run(['unpause', name]);
    expect(refused).toMatchObject({ reason: 'not-running' });
    expect(await exec(podman, name, ['ls', '/ran'])).toMatchObject({ exitCode: 1 });
  });
});

test('a container that is stopped takes a command in a session with it, as by podman', async () => {
  const name = await startContainer(images.busybox);
  const podman = podmanWithSessions();
  await warm(podman, name);
  const running = exec(podman, name, ['sh', '-c', 'echo begun; sleep 4321']);
  await until(async () => (await podman.run(['top', name, 'args'])).includes('sleep 4321'));
  await podman.run(['stop', '--time=0', '--', name]);
  expect(await running).toMatchObject({ exitCode: 137, stdout: 'begun\n' });
});

test('a command that ends its session has an unknown outcome, runs once, and is ended', async () => {
  const name = await startContainer(images.busybox);
  const podman = podmanWithSessions();
  const script = 'echo ran >>/ran; kill -9 $PPID; sleep 4321';
  await podman.run(['exec', name, 'sh', '-c', `printf '#!/bin/sh\\n%s\\n' '${script}' >/script; chmod 755 /script`]);
  await warm(podman, name);
  await expect(exec(podman, name, ['/script'])).rejects.toMatchObject({ outcome: 'unknown' });
  expect(await podman.run(['exec', name, 'cat', '/ran'])).toBe('ran\n');
  expect(await podman.run(['top', name, 'args'])).not.toContain('sleep 4321');
});

test('a command whose shell is ended before its pumps have told anything does not run again', async () => {
  const name = await startContainer(images.busybox);
  const podman = podmanWithSessions();
  await warm(podman, name);
  const processes = async () => (await podman.run(['top', name, 'hpid', 'args'])).split('\n').map(line => line.trim().split(/\s+/));
  const ids = async (program: string) => (await processes()).filter(([, own]) => own === program).map(([id]) => Number(id));
  const [pumps, shell] = [await ids('cat'), await ids('sh')];
  for (const id of pumps) process.kill(id, 'SIGSTOP');
  const running = exec(podman, name, ['sh', '-c', 'echo ran >>/ran']);
  await until(async () => (await podman.run(['exec', name, 'find', '/ran'])) === '/ran\n').catch(() => undefined);
  for (const id of [...shell, ...pumps]) process.kill(id, 'SIGKILL');
  await expect(running).rejects.toMatchObject({ outcome: 'unknown' });
  expect(await podman.run(['exec', name, 'cat', '/ran'])).toBe('ran\n');
});

test('a fork bomb is stopped by the limit of processes, as by podman, and by no other end', async () => {
  const podman = podmanWithSessions();
  const name = await startContainer(images.busybox);
  await podman.run(['rm', '--force', '--time=0', name]);
  await podman.run(['run', '--detach', '--init=false', `--name=${name}`, '--pids-limit=256', images.debian, 'sleep', '600']);
  await warm(podman, name);
  const bomb = ['sh', '-c', 'i=0; while [ $i -lt 300 ]; do sleep 1 & i=$((i + 1)); done'];
  const ran = podman.ranInSessions;
  const { stdout, ...ended } = await exec(podman, name, bomb);
  expect({ ...ended, ran: podman.ranInSessions - ran }).toEqual({ exitCode: 2, reason: undefined, stderr: 'sh: 0: Cannot fork\n', ran: 1 });
});

test('a command that is aborted is ended in the container, and its session goes on', async () => {
  const name = await startContainer(images.busybox);
  const podman = podmanWithSessions();
  await warm(podman, name);
  const controller = new AbortController();
  const running = exec(podman, name, ['sh', '-c', 'trap "" TERM; (setsid sleep 4321 &); while :; do sleep 4321; done'], controller);
  await until(async () => (await podman.run(['top', name, 'args'])).includes('sleep 4321'));
  controller.abort(new Error('enough'));
  expect(await running).toMatchObject({ exitCode: null });
  expect(await podman.run(['top', name, 'args'])).not.toContain('sleep 4321');
  await warm(podman, name);
});

test('closing ends all sessions, one that is in use too', async () => {
  const name = await startContainer(images.busybox);
  const podman = podmanWithSessions();
  await warm(podman, name);
  const id = (await podman.run(['inspect', '--format={{.Id}}', name])).trim();
  const mark = startedWith().flatMap(words => (words.includes(id) ? (/PODMAN_API_SESSION=\w+/.exec(words) ?? []) : []))[0] ?? 'none';
  // Podman's process, and the shell in the container.
  expect(startedWith().filter(words => words.includes(mark))).toHaveLength(2);
  await podman.close();
  expect(podman.sessions).toBe(0);
  await until(async () => !(await podman.run(['top', name, 'args'])).includes('cat /proc/self'));
  await until(() => !startedWith().some(words => words.includes(mark)));
});
