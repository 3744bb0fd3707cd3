import type { KoaContext } from '../context.ts';
import type { Tokens } from '../tokens/watch.ts';

/** Interval at which the token of a connection that stays open is checked: a revoked token must be refused within 2 s. */
const checkIntervalMs = 1000;

/**
 * Calls a function, once, when the token of a request was revoked or has expired.
 * @returns a function that ends the checks
 */
export function onTokenEnd(
  { state: { token } }: Pick<KoaContext, 'state'>,
  tokens: Pick<Tokens, 'isValid'>,
  onEnd: () => void,
): () => void {
  if (!token) return () => {};
  const timer = setInterval(() => {
    if (tokens.isValid(token)) return;
    clearInterval(timer);
    onEnd();
  }, checkIntervalMs);
  return () => clearInterval(timer);
}
