import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError } from '@podman-api/runtime';
import Joi from 'joi';
import { scopes } from './scopes.ts';
import type { Token } from './token.ts';

/** What a token may be called. */
export const tokenName = /^[\w.@-]{1,64}$/;

const schema = Joi.object<{ readonly tokens: readonly Token[] }>({
  tokens: Joi.array()
    .items(
      Joi.object({
        name: Joi.string().pattern(tokenName).required(),
        hash: Joi.string().hex().length(64).required(),
        scopes: Joi.array()
          .items(Joi.string().valid(...Object.keys(scopes)))
          .required(),
        created_at: Joi.string().isoDate().required(),
        expires_at: Joi.string().isoDate().allow(null).required(),
      }),
    )
    .unique('name')
    .required(),
}).required();

/**
 * The tokens in a file; nothing where there is no such file.
 * @throws ConfigError where it can't be read or is none of ours
 */
export function readTokens(path: string): readonly Token[] | undefined {
  try {
    const { error, value } = schema.validate(JSON.parse(readFileSync(path, 'utf8')), { convert: false });
    if (error) throw error;
    return value.tokens;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`API_TOKENS_FILE="${path}" can not be read (${why}): mend it, or make it anew with "npm run token".`);
  }
}

/** Writes the file whole, for its user alone: no API process ever sees a part of it. */
export function writeTokens(path: string, tokens: readonly Token[]): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify({ tokens }, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}
