import { type RedisClient, runScript } from '@podman-api/redis';
import { keys } from '../keys.ts';

/** Time for which a worker keeps the pools of its node without renewing the lease. */
const leaseMs = 10_000;

/** State that a worker reads before it works on the pools of its node. */
export interface PoolLeaseState {
  /** Changes with each change of a pool. */
  readonly version: string;
  /** Whether this worker is the one that works on the pools of its node. */
  readonly isKeeper: boolean;
  /** Whether the node gets no new containers. */
  readonly isDraining: boolean;
}

const renewScript = `
local keeper, poolsVersion, draining = unpack(KEYS)
local worker, node, leaseMs = unpack(ARGV)
local holder = redis.call('GET', keeper)
if not holder or holder == worker then
  redis.call('SET', keeper, worker, 'PX', leaseMs)
  holder = worker
end
local version = redis.call('GET', poolsVersion) or '0'
local isKeeper = holder == worker and 1 or 0
return version .. ' ' .. isKeeper .. ' ' .. redis.call('SISMEMBER', draining, node)`;

const releaseScript = `
local keeper, worker = KEYS[1], ARGV[1]
if redis.call('GET', keeper) == worker then redis.call('DEL', keeper) end
return ''`;

/** Decides which of a node's workers creates and removes the idle containers of its pools. */
export interface PoolLease {
  /** Takes or renews the lease for ten seconds if no other worker of the node has it. */
  renew(): Promise<PoolLeaseState>;
  /** Lets another worker of the node take over. */
  release(): Promise<void>;
}

/**
 * Opens the lease of a node. Two holders at once, after Redis has lost writes, create too many containers for a moment and
 * remove them again; claims do not depend on the lease, so no container is claimed twice.
 */
export function openPoolLease(redis: RedisClient, node: string, worker: string): PoolLease {
  return {
    async renew() {
      const lease = [keys.poolKeeper(node), keys.poolsVersion, keys.draining];
      const [version = '', isKeeper, isDraining] = (await runScript(redis, renewScript, lease, [worker, node, leaseMs])).split(' ');
      return { version, isKeeper: isKeeper === '1', isDraining: isDraining === '1' };
    },
    async release() {
      await runScript(redis, releaseScript, [keys.poolKeeper(node)], [worker]);
    },
  };
}
