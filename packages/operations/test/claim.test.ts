import { describe, expect, it } from 'vitest';
import { claim } from '../src/container/claim/index.ts';
import { create } from '../src/container/create/index.ts';
import { stop } from '../src/container/stop/index.ts';
import { type ContainerClaim, type PoolContainers, type TaskContext, validateInput } from '../src/index.ts';
import { connect } from '../src/network/connect/index.ts';
import { disconnect } from '../src/network/disconnect/index.ts';
import { context, noPools, recordingPodman } from './recording-podman.ts';

const id = 'a'.repeat(64);
const pending: ContainerClaim = {
  ...{ id, job: 'node_job', name: 'web', formerName: 'pool-p-1', isNamed: false, labels: {}, expiresAtMs: null },
};

function contextWith(pools: Partial<PoolContainers>): TaskContext {
  return { ...context, pools: { ...noPools, ...pools } };
}

/** A podman that fails for some commands. */
function failingPodman(...verbs: readonly string[]) {
  return recordingPodman({
    run([verb = '']) {
      if (verbs.includes(verb)) throw new Error(`no ${verb}`);
      return JSON.stringify([{ name: 'back', id, driver: 'bridge', created: '2026-01-05T09:30:00Z', subnets: [] }]);
    },
  });
}
const argsOf = ({ calls }: ReturnType<typeof recordingPodman>) => calls.map(({ args }) => args);

describe('container.claim', () => {
  const input = validateInput(claim, { image: 'alpine', pool: 'p', revision: 'r', name: 'web', ports: { '80/tcp': 0 } });
  const claiming = contextWith({ claim: async () => pending });

  it('removes the container if its ports cannot be read, and fails', async () => {
    const podman = failingPodman('port');
    await expect(claim.run(podman, input, claiming)).rejects.toThrow('no port');
    expect(argsOf(podman)).toContainEqual(['rm', '--force', '--time=0', '--volumes', '--', id]);
  });

  it('has an unknown outcome if the container cannot be removed either', async () => {
    await expect(claim.run(failingPodman('port', 'rm'), input, claiming)).rejects.toMatchObject({ outcome: 'unknown' });
  });
});

describe('a container that was claimed, and whose name podman does not have yet', () => {
  const named: string[] = [];
  const naming = contextWith({
    findUnnamed: name => (name === 'web' ? pending : undefined),
    // Another container of the host has the public name.
    giveName: async ({ name }) => {
      named.push(name);
      return 'pool-p-1';
    },
  });

  it.each([
    ['network.connect', connect],
    ['network.disconnect', disconnect],
  ])('gets it before %s', async (_name, operation) => {
    const podman = failingPodman();
    const input = validateInput(operation, { name: 'back', container: 'web' });
    expect(await operation.run(podman, input, naming)).toMatchObject({ container: 'web' });
    expect(argsOf(podman).at(-1)?.slice(-2)).toEqual(['back', 'pool-p-1']);
  });

  it('gets it before another container joins its network', async () => {
    const podman = failingPodman();
    await create.run(podman, validateInput(create, { image: 'alpine', name: 'side', network: 'container:web' }), naming);
    expect(argsOf(podman)[0]).toContain('--network=container:pool-p-1');
  });

  it('gets it before an operation on the container, which uses the name that podman has then', async () => {
    const podman = failingPodman();
    await stop.run(podman, validateInput(stop, { name: 'web' }), naming);
    expect(argsOf(podman).at(-1)?.at(-1)).toBe('pool-p-1');
    expect(named).toContain('web');
  });
});

describe('an idle container of a pool', () => {
  const idle = contextWith({ poolOf: name => (name === 'pool-p-1' ? 'p' : undefined) });

  const runs: readonly (readonly [string, () => Promise<object>])[] = [
    ['network.connect', () => connect.run(failingPodman(), { name: 'back', container: 'pool-p-1' }, idle)],
    ['network.disconnect', () => disconnect.run(failingPodman(), { name: 'back', container: 'pool-p-1' }, idle)],
    ['container.stop', () => stop.run(failingPodman(), { name: 'pool-p-1' }, idle)],
    ['a create that joins its network', () => create.run(failingPodman(), { image: 'a', name: 'b', network: 'container:pool-p-1' }, idle)],
  ];
  it.each(runs)('is refused by %s', async (_name, run) => {
    await expect(run()).rejects.toMatchObject({ status: 409 });
  });
});
