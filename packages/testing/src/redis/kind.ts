/** How Redis is run: one server, one that speaks TLS alone, a master and a replica behind Sentinel, or a Cluster. */
export const redisKinds = ['single', 'tls', 'sentinel', 'cluster'] as const;
export type RedisKind = (typeof redisKinds)[number];

/** The kind that the tests run on: what `TEST_REDIS` says, or one server. */
export function chosenKind(): RedisKind {
  const wanted = process.env['TEST_REDIS'] || 'single';
  const kind = redisKinds.find(one => one === wanted);
  if (kind === undefined) throw new Error(`TEST_REDIS=${wanted}: it must be one of ${redisKinds.join(', ')}.`);
  return kind;
}

/** What is run as Redis: `REDIS_SERVER`, a path of a Valkey's perhaps, or the Redis of this host. */
export const serverProgram = process.env['REDIS_SERVER'] || 'redis-server';
