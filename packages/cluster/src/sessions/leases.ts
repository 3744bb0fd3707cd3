import type { Seal } from '@podman-api/jobs';
import { type RedisClient, runScript, withRedisErrors } from '@podman-api/redis';
import { keys } from '../keys.ts';

/** A lease that a client renews while it runs: when it ends or lapses, everything with its labels is removed. */
export interface Lease {
  readonly id: string;
  /** `name=value`; everything that is removed has all of them. At least one. */
  readonly labels: readonly string[];
  /** The node that everything is on; `null` for all nodes. */
  readonly node: string | null;
  /** Name of the client's token; `null` without tokens. */
  readonly token: string | null;
}

/** A lease in Redis. */
export interface StoredLease extends Lease {
  /** Changes with each renewal. */
  readonly revision: string;
  /** Whether `LeaseStore.end` was called for it: it cannot be renewed. */
  readonly isEnding: boolean;
}

/**
 * The leases of the fleet. Each is sealed, because it decides what is removed. Methods throw an `ApiError` (503) while Redis is
 * unavailable.
 */
export interface LeaseStore {
  /** Creates or renews a lease. @returns whether it can be used; `false` if it was ended */
  renew(lease: Lease): Promise<boolean>;
  /** @returns `undefined` if there is no such lease */
  read(id: string): Promise<StoredLease | undefined>;
  /** Returns all leases; one that was sealed with an unknown key is left out. */
  list(): Promise<readonly StoredLease[]>;
  /** Ends a lease: it stays until `remove`, and cannot be renewed. Creates it if there is none. */
  end(lease: Lease): Promise<void>;
  /** Removes a lease, after everything with its labels was removed. */
  remove(id: string): Promise<void>;
  /** Whether this process may remove everything with the labels of a lease: one process at a time, for a minute. */
  claim(id: string): Promise<boolean>;
}

/** First characters of stored leases. */
const states = { held: 'H', ending: 'E' } as const;
/** Longer than a removal usually takes. Two concurrent removals are harmless. */
const claimSeconds = 60;

const renewScript = `
local leases = KEYS[1]
local id, lease = unpack(ARGV)
local current = redis.call('HGET', leases, id)
if current and string.sub(current, 1, 1) == '${states.ending}' then return '0' end
redis.call('HSET', leases, id, lease)
return '1'`;

/** Opens the store. */
export function openLeaseStore(redis: RedisClient, seal: Seal): LeaseStore {
  const sealLease = ({ id, labels, node, token }: Lease) =>
    seal.seal(Buffer.from(JSON.stringify({ id, labels, node, token })), purposeOf(id)).toString('base64');
  const open = (id: string, stored: string): StoredLease | undefined => {
    try {
      const revision = stored.slice(1);
      const lease: Lease = JSON.parse(seal.open(Buffer.from(revision, 'base64'), purposeOf(id)).toString());
      return { ...lease, revision, isEnding: stored.startsWith(states.ending) };
    } catch {
      return undefined;
    }
  };
  return {
    renew: async lease =>
      (await withRedisErrors(runScript(redis, renewScript, [keys.leases], [lease.id, states.held + sealLease(lease)]))) === '1',
    async read(id) {
      const stored = await withRedisErrors(redis.hget(keys.leases, id));
      return stored === null ? undefined : open(id, stored);
    },
    async list() {
      const all = await withRedisErrors(redis.hgetall(keys.leases));
      return Object.entries(all).flatMap(([id, stored]) => open(id, stored) ?? []);
    },
    async end(lease) {
      await withRedisErrors(redis.hset(keys.leases, lease.id, states.ending + sealLease(lease)));
    },
    async remove(id) {
      await withRedisErrors(redis.hdel(keys.leases, id));
    },
    claim: async id => (await withRedisErrors(redis.set(keys.leaseClaim(id), '1', 'EX', claimSeconds, 'NX'))) !== null,
  };
}

/** Context to which a sealed lease is bound, instead of the id of a job. */
function purposeOf(id: string): string {
  return `lease ${id}`;
}
