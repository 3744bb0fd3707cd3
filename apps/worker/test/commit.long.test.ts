import { readFileSync } from 'node:fs';
import { images, startApp, startService, testPodman, until } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { childrenOf } from '@podman-api/testing/processes';
import { describe, expect, it, onTestFinished } from 'vitest';

const podman = testPodman();

/** Whether the cgroup of a process is frozen, in version 1 or 2 of cgroups. */
function isFrozen(pid: string): boolean {
  const cgroups = readFileSync(`/proc/${pid}/cgroup`, 'utf8').split('\n');
  const [freezer] = cgroups.flatMap(line => line.split(':freezer:')[1] ?? []);
  if (freezer !== undefined) return readFileSync(`/sys/fs/cgroup/freezer${freezer}/freezer.state`, 'utf8').startsWith('FROZEN');
  const [own] = cgroups.flatMap(line => line.split('0::')[1] ?? []);
  return readFileSync(`/sys/fs/cgroup${own}/cgroup.events`, 'utf8').includes('frozen 1');
}

describe('a worker that dies in a commit, with its podman', () => {
  it('leaves the container running: the next worker continues it', async () => {
    const service = await startService();
    onTestFinished(() => service.stop());
    const name = await startContainer(images.busybox, 'sh', '-c', 'dd if=/dev/urandom of=/big bs=1M count=200; echo made; exec sleep 600');
    await until(async () => (await podman.run(['logs', '--', name])).includes('made'));
    // Read before: podman does not answer while it commits.
    const pid = (await podman.run(['container', 'inspect', '--format={{.State.Pid}}', '--', name])).trim();
    const reference = `localhost/${uniqueContainerName()}:1`;
    const committing = service.call('POST', `/containers/${name}/commit`, { reference }, { Prefer: 'respond-async' });
    expect((await committing).status).toBe(202);
    await until(() => isFrozen(pid));
    const [commit] = childrenOf(service.worker.process.pid).filter(({ argv }) => argv.includes('commit'));
    await service.worker.end('SIGKILL');
    process.kill(commit?.pid ?? Number.NaN, 'SIGKILL');
    const readStatus = async () => (await podman.run(['container', 'inspect', '--format={{.State.Status}}', '--', name])).trim();
    expect(await readStatus()).toBe('paused');
    const next = startApp('worker', service.env);
    onTestFinished(() => next.end('SIGTERM').then(() => undefined));
    await until(async () => (await readStatus()) === 'running');
  });
});
