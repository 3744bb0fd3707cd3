import type { RouterContext } from '@koa/router';
import type { ParameterizedContext } from 'koa';
import type { Token } from './tokens/token.ts';

/** State of a request (`ctx.state`). */
export interface State {
  requestId: string;
  /** Token of the request; `undefined` if no tokens are used. */
  token?: Token;
  /** Seconds until the request can be sent again, if known. */
  retryAfterSeconds?: number;
  /** Requests that the caller has left in the current window; `undefined` if requests are not limited. */
  remainingRequests?: number;
  /** Seconds until the next window. */
  rateResetSeconds?: number;
  /** Id of the job that the request created. */
  jobId?: string;
  /** Session of `podman-api proxy` that the request belongs to, and the node on which everything of that session is. */
  dockerSession?: { readonly id: string; readonly node: string };
  /** Type of the error in the response. */
  errorType?: string;
}

/** Koa's context in middleware. */
export type KoaContext = ParameterizedContext<State, object>;

/** Koa's context in a route, with the path parameters. */
export type RouteContext = RouterContext<State, object>;

/** Prefix of all routes except Prometheus's `/metrics`. */
export const basePath = '/api/v1';

/** Returns the pattern of the matched route, such as `/api/v1/jobs/:id`; `undefined` if the request was refused before routing. */
export function routeOf(ctx: KoaContext): string | undefined {
  return '_matchedRoute' in ctx && typeof ctx._matchedRoute === 'string' ? ctx._matchedRoute : undefined;
}

/** Returns the request id and the name of the token. */
export function requesterOf({ state }: Pick<KoaContext, 'state'>): { readonly request_id: string; readonly token: string | null } {
  return { request_id: state.requestId, token: state.token?.name ?? null };
}

/** Returns the path at which a job can be read. */
export function jobUrl(id: string): string {
  return `${basePath}/jobs/${id}`;
}
