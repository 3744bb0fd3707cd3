import { ApiError } from '@podman-api/errors';
import type { Next } from 'koa';
import type { KoaContext } from '../../context.ts';
import type { AppParts } from '../../parts.ts';

/** Header by which `podman-api proxy` names its session. */
export const sessionHeader = 'X-Podman-Api-Session';

/** Ids of sessions: 128 random bits, which the proxy chooses. */
export const sessionIdPattern = /^[0-9a-f]{32}$/;

/**
 * Finds the session of a request by its header.
 * @throws ApiError (409) if there is no such session of the token, or if it has ended
 */
export function withSession({ leases }: Pick<AppParts, 'leases'>) {
  return async (ctx: KoaContext, next: Next): Promise<void> => {
    const id = ctx.get(sessionHeader);
    if (id !== '') {
      const lease = sessionIdPattern.test(id) ? await leases.read(id) : undefined;
      const isOwn = lease?.token === (ctx.state.token?.name ?? null);
      if (!isOwn || lease.node === null || lease.isEnding) throw sessionEndedError();
      ctx.state.dockerSession = { id, node: lease.node };
    }
    await next();
  };
}

/** Creates the 409 for a session that cannot be used. */
export function sessionEndedError(): ApiError {
  return new ApiError('ConflictError', 'The session has ended: start podman-api proxy again.');
}
