import { join } from 'node:path';
import type { Config } from '@podman-api/runtime';

/** Returns the path of the tokens file: `API_TOKENS_FILE`, or `tokens.json` in the state folder. */
export function resolveTokensPath({ API_TOKENS_FILE, STATE_DIR }: Config<'API_TOKENS_FILE' | 'STATE_DIR'>): string {
  return API_TOKENS_FILE ?? join(STATE_DIR, 'tokens.json');
}
