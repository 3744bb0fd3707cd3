import { join } from 'node:path';
import type { Config } from '@podman-api/runtime';

/** The file of tokens: where `API_TOKENS_FILE` says, or in the state folder. */
export function tokensFile({ API_TOKENS_FILE, STATE_DIR }: Config<'API_TOKENS_FILE' | 'STATE_DIR'>): string {
  return API_TOKENS_FILE ?? join(STATE_DIR, 'tokens.json');
}
