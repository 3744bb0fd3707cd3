import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { RouteContext } from '../context.ts';
import type { Asset } from './page.ts';

/** A page loads nothing from elsewhere, sends nothing elsewhere, and stands in no other page (CSP Level 3). */
const policy = [
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
  // It is asked for each time whether it is still the same, and then not sent again.
  'Cache-Control': 'no-cache',
  Vary: 'Accept-Encoding',
};

/**
 * Serves a file of a page, compressed where the browser takes that; it is read when it is first asked for.
 * @param own the page's own directives, in the place of those of the same name
 * @param more headers that this file has in the place of those that all have
 */
export function serve(asset: Asset, own: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const all = { ...headers, ...more, 'Content-Security-Policy': policyWith(own) };
  let loaded: ReturnType<typeof load> | undefined;
  return async (ctx: RouteContext): Promise<void> => {
    loaded ??= load(asset);
    const { plain, zipped, tag } = await loaded;
    ctx.set(all);
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

function policyWith(own: readonly string[]): string {
  const nameOf = (directive: string) => directive.split(' ')[0];
  const names = new Set(own.map(nameOf));
  return [...policy.filter(directive => !names.has(nameOf(directive))), ...own].join('; ');
}

async function load({ read }: Asset) {
  const plain = await read();
  return { plain, zipped: await promisify(gzip)(plain), tag: createHash('sha256').update(plain).digest('base64url') };
}
