import { until } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { exec, podmanWithSessions, replaceContainer, startContainer, warmUp } from './exec-in-session.ts';

// session-pool.test.ts shows with fake timers that these cooldowns last otherwise.
describe.concurrent('exec in a container that has taken the name of another', () => {
  it('runs in a session again and again, whatever happens to the containers before', async context => {
    const podman = podmanWithSessions(context);
    const name = await startContainer('busybox');
    for (const image of ['debian', 'plain', 'busybox'] as const) {
      await warmUp(podman, name);
      await Promise.all([replaceContainer(name, image), exec(podman, name, ['true']).catch(() => undefined)]);
    }
    await warmUp(podman, name);
  });

  it('runs in a session though commands of the other one left background processes', async context => {
    const podman = podmanWithSessions(context);
    const name = await startContainer('busybox');
    await until(async () => {
      await exec(podman, name, ['sh', '-c', 'sleep 4321 &']);
      return podman.ranInSessions >= 3 && podman.sessions === 0;
    });
    await replaceContainer(name, 'debian');
    await warmUp(podman, name);
    expect(await exec(podman, name, ['cat', '/etc/debian_version'])).toMatchObject({ exitCode: 0 });
  });
});
