import { ApiError } from '@podman-api/errors';
import type { Next } from 'koa';
import type { KoaContext } from '../context.ts';

/** Version of Docker's API that is announced, that of Docker 25. */
export const apiVersion = '1.44';
/** The oldest version that clients may ask for, that of Docker 1.12. */
export const minApiVersion = '1.24';

/**
 * Removes the version from the path, such as `/v1.41`: all versions get the same responses. Announces the version in the headers of every
 * response.
 * @throws ApiError (400) for a version that is too old
 */
export async function withoutVersion(ctx: KoaContext, next: Next): Promise<void> {
  ctx.set({ 'Api-Version': apiVersion, Ostype: 'linux', Server: 'podman-api' });
  const [prefix = '', minor] = /^\/v1\.(\d{1,3})(?=\/)/.exec(ctx.path) ?? [];
  if (minor !== undefined && Number(minor) < Number(minApiVersion.split('.')[1])) {
    const given = `1.${minor}`;
    throw new ApiError(
      'ValidationError',
      `client version ${given} is too old. Minimum supported API version is ${minApiVersion}, please upgrade your client`,
    );
  }
  ctx.path = ctx.path.slice(prefix.length);
  await next();
}
