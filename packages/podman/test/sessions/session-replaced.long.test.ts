import { describe, it } from 'vitest';
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
});
