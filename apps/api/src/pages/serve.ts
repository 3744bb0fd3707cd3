import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { RouteContext } from '../context.ts';
import type { Asset } from './page.ts';

/** Content-Security-Policy of every page: no contact with other hosts, and no embedding in other pages (CSP Level 3). */
const commonPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

const headers = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  // Browsers revalidate each time and get a 304 if the file is unchanged.
  'Cache-Control': 'no-cache',
};

/**
 * Returns a handler that serves a file of a page, with gzip if the browser accepts it. The file is read at the first request.
 * @param policy directives of the page, which replace the common ones of the same name
 * @param extraHeaders headers of the file, which replace the common ones of the same name
 */
export function serve(asset: Asset, policy: readonly string[], extraHeaders: Readonly<Record<string, string>> = {}) {
  const all = { ...headers, ...extraHeaders, 'Content-Security-Policy': mergePolicy(policy) };
  let loaded: ReturnType<typeof load> | undefined;
  return async (ctx: RouteContext): Promise<void> => {
    // A failure is not kept.
    loaded ??= load(asset).catch(error => {
      loaded = undefined;
      throw error;
    });
    const { plain, zipped, tag } = await loaded;
    ctx.set(all);
    // Added to the `Origin` of `cors`.
    ctx.vary('Accept-Encoding');
    ctx.type = asset.type;
    ctx.etag = tag;
    ctx.status = 200;
    if (ctx.fresh) {
      ctx.status = 304;
      return;
    }
    const zip = ctx.acceptsEncodings('gzip', 'identity') === 'gzip';
    if (zip) ctx.set('Content-Encoding', 'gzip');
    ctx.body = zip ? zipped : plain;
  };
}

function mergePolicy(policy: readonly string[]): string {
  const nameOf = (directive: string) => directive.split(' ')[0];
  const names = new Set(policy.map(nameOf));
  return [...commonPolicy.filter(directive => !names.has(nameOf(directive))), ...policy].join('; ');
}

async function load({ read }: Asset) {
  const plain = await read();
  return { plain, zipped: await promisify(gzip)(plain), tag: createHash('sha256').update(plain).digest('base64url') };
}
