/** Kinds of Redis: one server, one server with TLS, a master and a replica behind Sentinel, or a Cluster. */
export const redisKinds = ['single', 'tls', 'sentinel', 'cluster'] as const;
export type RedisKind = (typeof redisKinds)[number];

/** Reads the kind from `TEST_REDIS`. Default: `single`. @throws Error for an unknown kind */
export function readRedisKind(): RedisKind {
  const kindName = process.env['TEST_REDIS'] || 'single';
  const kind = redisKinds.find(one => one === kindName);
  if (kind === undefined) throw new Error(`TEST_REDIS="${kindName}" is not allowed: set one of ${redisKinds.join(', ')}.`);
  return kind;
}

/** Program that runs as Redis: the path in `REDIS_SERVER`, for example of Valkey. Default: `redis-server`. */
export const serverProgram = process.env['REDIS_SERVER'] || 'redis-server';
