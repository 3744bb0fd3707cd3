import { createHash } from 'node:crypto';
import type { RedisClient } from './client.ts';

/** The SHA-1 of each script, by which Redis knows it. */
const hashes = new Map<string, string>();

/**
 * Runs a Lua script by its hash, and sends the text where the server does not know it yet. (ioredis's `defineCommand` does
 * the same, but adds methods to the client whose types need a cast.)
 * @param touched the keys that the script reads or writes
 * @param values its ARGV
 * @returns the script's answer as text
 */
export async function runScript(
  redis: RedisClient,
  script: string,
  touched: readonly string[],
  values: readonly (string | number | Buffer)[],
): Promise<string> {
  try {
    return String(await redis.evalsha(hashOf(script), touched.length, ...touched, ...values));
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return String(await redis.eval(script, touched.length, ...touched, ...values));
  }
}

function hashOf(script: string): string {
  const hash = hashes.get(script) ?? createHash('sha1').update(script).digest('hex');
  hashes.set(script, hash);
  return hash;
}
