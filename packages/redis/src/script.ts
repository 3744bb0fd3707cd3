import { createHash } from 'node:crypto';
import type { RedisClient } from './client.ts';

/** SHA-1 of each script, for EVALSHA. */
const hashes = new Map<string, string>();

/**
 * Runs a Lua script by its hash, and sends the script if the server has not cached it. (ioredis's `defineCommand` does the
 * same, but adds methods to the client, whose types need a cast.)
 * @param keys KEYS: all keys that the script reads or writes
 * @param args ARGV
 * @returns the script's result as a string
 */
export async function runScript(
  redis: RedisClient,
  script: string,
  keys: readonly string[],
  args: readonly (string | number | Buffer)[],
): Promise<string> {
  try {
    return String(await redis.evalsha(getScriptHash(script), keys.length, ...keys, ...args));
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return String(await redis.eval(script, keys.length, ...keys, ...args));
  }
}

function getScriptHash(script: string): string {
  const hash = hashes.get(script) ?? createHash('sha1').update(script).digest('hex');
  hashes.set(script, hash);
  return hash;
}
