/** Kinds of Redis: one server, one server with TLS, a master and a replica behind Sentinel, or a Cluster. */
export const redisKinds = ['single', 'tls', 'sentinel', 'cluster'] as const;
export type RedisKind = (typeof redisKinds)[number];

/** Returns the kind in `TEST_REDIS`. Default: `single`. @throws Error for an unknown kind */
export function chosenKind(): RedisKind {
  const wanted = process.env['TEST_REDIS'] || 'single';
  const kind = redisKinds.find(one => one === wanted);
  if (kind === undefined) throw new Error(`TEST_REDIS must be one of ${redisKinds.join(', ')}, not "${wanted}".`);
  return kind;
}

/** Program that runs as Redis: the path in `REDIS_SERVER`, for example of Valkey. Default: `redis-server`. */
export const serverProgram = process.env['REDIS_SERVER'] || 'redis-server';
