import { closeSync, lstatSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError, hasCode } from '@podman-api/runtime';
import Joi from 'joi';
import { quotasSchema } from './quotas.ts';
import { scopes } from './scopes.ts';
import type { Token } from './token.ts';

/** Pattern of token names. */
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
        quotas: quotasSchema,
      }),
    )
    .unique('name')
    .required(),
}).required();

/**
 * Returns the tokens in a file, `undefined` if there is no such file.
 * @throws ConfigError if it cannot be read, is a link to a missing file, or holds something else
 */
export function readTokens(path: string): readonly Token[] | undefined {
  try {
    const { error, value } = schema.validate(JSON.parse(readFileSync(path, 'utf8')), { convert: false });
    if (error) throw error;
    return value.tokens;
  } catch (error) {
    // Without a file the API asks for no token. A dangling link means that the file was lost, for example with its volume.
    if (hasCode(error, 'ENOENT') && lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`API_TOKENS_FILE="${path}" cannot be read (${why}): fix the file or recreate it with "npm run token".`);
  }
}

/**
 * Changes the tokens in a file atomically, readable only by its user. Only one process can change it at a time, so that
 * concurrent changes are not lost.
 * @throws ConfigError if another process is changing it, and what `change` throws
 */
export function changeTokens(path: string, change: (tokens: readonly Token[]) => readonly Token[]): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.new`;
  const file = openDraft(draft);
  try {
    writeFileSync(file, `${JSON.stringify({ tokens: change(readTokens(path) ?? []) }, null, 2)}\n`);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

function openDraft(draft: string): number {
  try {
    return openSync(draft, 'wx', 0o600);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    throw new ConfigError(
      `Another "npm run token" is running: try again. If there is none, one was killed: remove ${draft}, then try again.`,
    );
  }
}
