import { ApiError } from '@podman-api/errors';
import type { ContainerClaim } from '@podman-api/operations';
import { PodmanFault } from '@podman-api/podman';
import { createLog } from '@podman-api/runtime';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createRenamer } from '../../src/pools/renamer.ts';

const log = (await createLog('test', false)).child({}, { level: 'silent' });
const never = new AbortController().signal;

function claimOf(name: string): ContainerClaim {
  return { id: name.padEnd(64, '0'), job: 'a_1', name, formerName: `pool-p-${name}`, isNamed: false, labels: {}, expiresAtMs: null };
}

/** Creates a renamer in fake time. @param rename called for each `podman rename` */
function createTestRenamer(rename: (name: string) => void, unnamed: readonly ContainerClaim[] = []) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const named: string[] = [];
  const renamer = createRenamer({
    podman: {
      async run(args) {
        const name = args.at(-1) ?? '';
        if (args[0] === 'rename') rename(name);
        return `pool-p-${name.replace(/0*$/, '')}`;
      },
    },
    claims: { listUnnamed: () => unnamed, setName: async (_id, name) => void named.push(name) },
    activity: { runInTurn: work => work() },
    recordEffect: async () => {},
    log,
  });
  onTestFinished(() => {
    renamer.stop();
    vi.useRealTimers();
  });
  return { renamer, named };
}

describe('createRenamer', () => {
  it('renames other containers while the rename of one fails, and tries that one again after pauses', async () => {
    let attempts = 0;
    const { renamer, named } = createTestRenamer(name => {
      if (name !== 'bad') return;
      attempts += 1;
      if (attempts < 4) throw new ApiError('PodmanAPIError', 'podman failed');
    });
    for (const name of ['bad', 'one', 'two']) renamer.add(claimOf(name));
    await vi.advanceTimersByTimeAsync(0);
    expect([named, attempts]).toEqual([['one', 'two'], 1]);
    await vi.advanceTimersByTimeAsync(2000 + 4000 - 1);
    expect(attempts).toBe(2);
    await vi.advanceTimersByTimeAsync(1 + 8000);
    expect([named, attempts]).toEqual([['one', 'two', 'bad'], 4]);
  });

  it('renames the container of a waiting job at once, and rejects if that fails', async () => {
    let hasFailed = false;
    const { renamer, named } = createTestRenamer(() => {
      if (hasFailed) return;
      hasFailed = true;
      throw new ApiError('PodmanAPIError', 'podman failed');
    });
    await expect(renamer.renameNow(claimOf('web'), never)).rejects.toMatchObject({ status: 500 });
    expect(await renamer.renameNow(claimOf('web'), never)).toBe('web');
    expect(named).toEqual(['web']);
  });

  it('keeps the former name if the public one is in use on the host', async () => {
    const { renamer, named } = createTestRenamer(name => {
      throw new PodmanFault('name-in-use', 'ConflictError', `the name ${name} is in use`, '');
    });
    expect(await renamer.renameNow(claimOf('web'), never)).toBe('pool-p-web');
    expect(named).toEqual(['pool-p-web']);
  });

  it('rejects with the reason of an aborted signal, and still renames the container', async () => {
    const { renamer, named } = createTestRenamer(() => {});
    await expect(renamer.renameNow(claimOf('web'), AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled');
    await vi.advanceTimersByTimeAsync(0);
    expect(named).toEqual(['web']);
  });

  it('renames what another worker has not renamed for five seconds', async () => {
    const { renamer, named } = createTestRenamer(() => {}, [claimOf('web')]);
    renamer.addAbandoned();
    await vi.advanceTimersByTimeAsync(5001);
    expect(named).toEqual([]);
    renamer.addAbandoned();
    await vi.advanceTimersByTimeAsync(0);
    expect(named).toEqual(['web']);
  });
});
