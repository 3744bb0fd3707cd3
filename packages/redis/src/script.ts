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

/**
 * Returns a script's answer as one of those that the script can give.
 * @throws Error if it is another one
 */
export function parseAnswer<Answer extends string>(text: string, answers: readonly Answer[]): Answer {
  const answer = answers.find(one => one === text);
  if (answer === undefined) throw new Error(`A Redis script returned ${JSON.stringify(text)}; expected one of ${answers.join(', ')}`);
  return answer;
}

function getScriptHash(script: string): string {
  const hash = hashes.get(script) ?? createHash('sha1').update(script).digest('hex');
  hashes.set(script, hash);
  return hash;
}
