import { type RedisClient, runScript } from '@podman-api/redis';
import { keys } from '../keys.ts';

/** Time for which a worker keeps the pools of its node without renewing the lease. */
const leaseMs = 10_000;

/** State that a worker reads before it works on the pools of its node. */
export interface PoolDuty {
  /** Changes with each change of a pool. */
  readonly version: string;
  /** Whether this worker is the one that works on the pools of its node. */
  readonly isKeeper: boolean;
  /** Whether the node gets no new containers. */
  readonly isDraining: boolean;
}

const renewScript = `
local holder = redis.call('GET', KEYS[1])
if not holder or holder == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
  holder = ARGV[1]
end
return (redis.call('GET', KEYS[2]) or '0') .. ' ' .. (holder == ARGV[1] and 1 or 0) .. ' ' .. redis.call('SISMEMBER', KEYS[3], ARGV[2])`;

const releaseScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return ''`;

/** Decides which of a node's workers creates and removes the idle containers of its pools. */
export interface PoolLease {
  /** Takes or renews the lease for ten seconds if no other worker of the node has it. */
  renew(): Promise<PoolDuty>;
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
