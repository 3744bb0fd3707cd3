import { skipWithoutLimits, skipWithoutRoot, testPodman, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import {
  awaitProcess,
  exec,
  listProcesses,
  podmanWithSessions,
  replaceContainer,
  startContainer,
  startWarmContainer,
  warmUp,
} from './exec-in-session.ts';

const plainPodman = testPodman(8);
/** Runs a shell script in a container, without a session. */
const runScript = (name: string, script: string) => plainPodman.run(['exec', '--', name, 'sh', '-c', script]);

describe.concurrent('exec in a session', () => {
  it('runs in a read-only container', async context => {
    const { podman } = await startWarmContainer(context, 'busybox', '--read-only', '--read-only-tmpfs=false');
    expect(podman.ranInSessions).toBeGreaterThan(0);
  });

  it('is limited in processes as by podman', async context => {
    skipWithoutLimits(context);
    const { podman, name } = await startWarmContainer(context, 'debian', '--pids-limit=256');
    const bomb = ['sh', '-c', 'i=0; while [ $i -lt 300 ]; do sleep 600 & i=$((i + 1)); done'];
    const before = podman.ranInSessions;
    expect(await exec(podman, name, bomb)).toEqual({ exitCode: 2, reason: undefined, stdout: '', stderr: 'sh: 0: Cannot fork\n' });
    expect(podman.ranInSessions).toBe(before + 1);
  });
});

describe.concurrent('exec without the session', () => {
  it('runs in another container that has taken the name', async context => {
    const { podman, name } = await startWarmContainer(context, 'busybox');
    await replaceContainer(name, 'debian');
    expect(await exec(podman, name, ['cat', '/etc/debian_version'])).toMatchObject({ exitCode: 0 });
  });

  it('follows the name when containers are renamed', async context => {
    const { podman, name } = await startWarmContainer(context, 'busybox');
    const other = await startContainer('debian');
    await podman.run(['rename', name, uniqueContainerName()]);
    expect(await exec(podman, name, ['true'])).toMatchObject({ reason: 'no-container' });
    await podman.run(['rename', other, name]);
    expect(await exec(podman, name, ['cat', '/etc/debian_version'])).toMatchObject({ exitCode: 0 });
  });

  it('has the home and groups that the user has now', async context => {
    const name = await startContainer('debian');
    await runScript(name, 'useradd --home-dir=/before bob');
    const podman = podmanWithSessions(context);
    await warmUp(podman, name, { user: 'bob' });
    await runScript(name, 'groupadd crew; usermod --home /after --groups crew bob');
    const result = await exec(podman, name, ['sh', '-c', 'echo $HOME; id -nG'], { user: 'bob' });
    expect(result).toMatchObject({ stdout: '/after\nbob crew\n' });
  });
});

describe.concurrent('session pool', () => {
  it('closes idle sessions, which leave no process', async context => {
    const podman = podmanWithSessions(context, { sessionIdleTimeoutMs: 2000 });
    const name = await startContainer('busybox');
    await warmUp(podman, name);
    await until(() => podman.sessions === 0);
    await until(async () => (await listProcesses(name)).join() === 'sleep 600');
  });

  it('opens none with a limit of 0', async context => {
    const { podman, name } = await startWarmContainer(context, 'busybox');
    const without = podmanWithSessions(context, { maxSessions: 0 });
    for (let before = podman.ranInSessions; podman.ranInSessions < before + 4; ) {
      for (const each of [podman, without]) await exec(each, name, ['true']);
    }
    expect([without.sessions, without.ranInSessions]).toEqual([0, 0]);
  });

  it('opens none with a program that is called sh but is not a shell, and kills it', async context => {
    skipWithoutRoot(context);
    const podman = podmanWithSessions(context);
    const name = await startContainer('busybox');
    const fake = '#!/opt/busybox sh\\nexec /opt/busybox yes\\n';
    await runScript(name, `mkdir -p /opt; cp /bin/busybox /opt/busybox; printf '${fake}' >/tmp/sh; chmod 755 /tmp/sh; mv /tmp/sh /bin/sh`);
    for (let count = 0; count < 2; count += 1) await exec(podman, name, ['true']);
    await until(() => podman.sessions === 0);
    await until(async () => (await listProcesses(name)).join() === 'sleep 600');
    expect(podman.ranInSessions).toBe(0);
  });

  it('ends the command of a busy session on close', async context => {
    const { podman, name } = await startWarmContainer(context, 'busybox');
    const running = exec(podman, name, ['sleep', '4321']);
    await awaitProcess(name, 'sleep 4321');
    await Promise.all([podman.close(), expect(running).rejects.toMatchObject({ outcome: 'unknown' })]);
    await until(async () => (await listProcesses(name)).join() === 'sleep 600');
  });
});
