import { ApiError } from '@podman-api/errors';
import type { Next } from 'koa';
import type { KoaContext } from '../context.ts';
import { isLoopback } from '../loopback.ts';
import { isWebSocketRequest } from '../web-sockets.ts';

interface CrossSiteOptions {
  /** Other origins whose pages may use the API. */
  readonly origins: readonly string[];
  /** Whether the API can be used without a token. */
  isTokenless(): boolean;
}

/**
 * Refuses requests that a web page of another origin makes a browser send, by the headers `Sec-Fetch-Site` (W3C, Fetch
 * Metadata) and `Origin` (RFC 6454): a page can forge neither, and other clients send neither. Without tokens it refuses a
 * foreign `Host` as well: the page's name may now resolve to this host (DNS rebinding).
 * @throws ApiError (403) for such a request; (400) without a Host header, or with several
 */
export function crossSite({ origins, isTokenless }: CrossSiteOptions) {
  const allowed = new Set(origins);
  return async (ctx: KoaContext, next: Next): Promise<void> => {
    const hasHost = ctx.get('Host') !== '';
    if (countHosts(ctx) > 1)
      throw new ApiError('ValidationError', 'The request has several Host headers: send one (RFC 9112, section 3.2).');
    if (!hasHost && !isHttp10(ctx))
      throw new ApiError('ValidationError', 'The request has no Host header: send one (RFC 9112, section 3.2).');
    if (isTokenless() && hasHost && !isLoopback(ctx.get('Host'))) {
      throw new ApiError(
        'ForbiddenError',
        'Without tokens the API answers only to the Host localhost, 127.0.0.1 or [::1]: use one of these, or create a token.',
      );
    }
    if (!allowed.has(ctx.get('Origin')) && isForeign(ctx)) {
      throw new ApiError('ForbiddenError', "A web page of another origin may not use the API: add the page's origin to CORS_ORIGINS.");
    }
    await next();
  };
}

/** Counts the Host headers. Node.js keeps the first and drops the others, while a proxy may have used the last one. */
function countHosts({ req: { rawHeaders } }: KoaContext): number {
  return rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
}

/** HTTP/1.0 has no Host; health checks of load balancers speak it (HAProxy's by default), and browsers do not. */
function isHttp10({ req }: KoaContext): boolean {
  return req.httpVersionMajor === 1 && req.httpVersionMinor === 0;
}

function isForeign(ctx: KoaContext): boolean {
  const site = ctx.get('Sec-Fetch-Site');
  const origin = ctx.get('Origin');
  // A proxy that terminates TLS hides the scheme; browsers count another scheme as `cross-site`, and Chromium sends no such header
  // when it opens a WebSocket.
  const isSecureOwn = site === 'same-origin' || isWebSocketRequest(ctx.req);
  const own = [`http://${ctx.get('Host')}`, ...(isSecureOwn ? [`https://${ctx.get('Host')}`] : [])];
  return (origin !== '' && !own.includes(origin)) || !['', 'none', 'same-origin'].includes(site);
}
