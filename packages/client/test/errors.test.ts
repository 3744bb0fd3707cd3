import { afterEach, describe, expect, it, vi } from 'vitest';
import { formatError } from '../src/cli/errors.ts';
import { ApiError } from '../src/index.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const error = (code: 401 | 403 | 409, message: string) =>
  new ApiError({ code, message, type: code === 401 ? 'UnauthorizedError' : 'ConflictError' });

describe('formatError', () => {
  it.each([
    ['not set', undefined],
    ['empty', ''],
  ])('names PODMAN_API_TOKEN for a 401 if it is %s', (_what, token) => {
    vi.stubEnv('PODMAN_API_TOKEN', token);
    expect(formatError(error(401, 'Send a token.'))).toMatch(/set PODMAN_API_TOKEN .*npm run token/);
  });

  it('reports for a 401 why the token in PODMAN_API_TOKEN was refused', () => {
    vi.stubEnv('PODMAN_API_TOKEN', 'secret');
    expect(formatError(error(401, 'The token has expired.'))).toBe('The API refused the token in PODMAN_API_TOKEN: The token has expired.');
  });

  it('keeps the message of a 403', () => {
    expect(formatError(error(403, 'The token lacks the scope exec.'))).toBe('The token lacks the scope exec.');
  });

  it('names the flag in place of the query parameter', () => {
    expect(formatError(error(409, 'Remove it with force=true.'))).toBe('Remove it with "podman-api rm --force".');
  });

  it('is one line', () => {
    expect(formatError(new Error('a\n  b\n\nc'))).toBe('a b c');
  });
});
