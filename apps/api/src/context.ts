import type { RouterContext } from '@koa/router';
import type { ParameterizedContext } from 'koa';
import type { Token } from './tokens/token.ts';

/** What a request carries along. */
export interface State {
  requestId: string;
  /** Whose request it is, where tokens are used. */
  token?: Token;
  /** When to send it again, in seconds, where that is known. */
  retryAfter?: number;
  /** The job that the request made. */
  jobId?: string;
  /** The type of the error that it was answered with. */
  errorType?: string;
}

/** A request and its response, as middleware sees it. */
export type Context = ParameterizedContext<State, object>;

/** The same in a route, with the path's parameters. */
export type RouteContext = RouterContext<State, object>;

/** Where all routes are but the page for Prometheus. */
export const basePath = '/api/v1';

/** The pattern of the route that a request has come to, such as `/api/v1/jobs/:id`; nothing where it was refused before. */
export function routeOf(ctx: Context): string | undefined {
  return '_matchedRoute' in ctx && typeof ctx._matchedRoute === 'string' ? ctx._matchedRoute : undefined;
}

/** Returns whose request it is. */
export function requesterOf({ state }: Pick<Context, 'state'>): { readonly request_id: string; readonly token: string | null } {
  return { request_id: state.requestId, token: state.token?.name ?? null };
}

/** Where a job can be read. */
export function jobUrl(id: string): string {
  return `${basePath}/jobs/${id}`;
}
