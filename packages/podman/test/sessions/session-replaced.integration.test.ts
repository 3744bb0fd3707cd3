import { until } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { exec, podmanWithSessions, replaceContainer, startContainer, warmUp } from './exec-in-session.ts';

// session-pool.test.ts shows with fake timers that this cooldown lasts otherwise; more are tried in `npm run test:all`.
describe('exec in a container that has taken the name of another', () => {
  it('runs in a session though the other one had no shell', async context => {
    const podman = podmanWithSessions(context);
    const name = await startContainer('bare');
    for (let count = 0; count < 2; count += 1) await exec(podman, name, ['sleep', '0']);
    await until(() => podman.sessions === 0);
    await replaceContainer(name, 'busybox');
    await warmUp(podman, name);
    expect(await exec(podman, name, ['cat', '/proc/1/comm'])).toMatchObject({ exitCode: 0, stdout: 'sleep\n' });
  });
});
