import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** What each attempt of the page saw, by attempt. */
type Report = Readonly<Record<string, string>>;

/** A site whose page attacks the API. */
export interface Site {
  readonly port: number;
  /** Waits for what the page reports next. */
  nextReport(): Promise<Report>;
  close(): Promise<void>;
}

const page = '<!doctype html><body><script type="module" src="/page.js"></script>';
const script = readFileSync(new URL('page.js', import.meta.url));

/**
 * Serves the page under every host name. Passes requests for paths of the API on unchanged, with their `Host`. To the browser, the
 * name now resolves to the address of the API (DNS rebinding).
 * @param findApi returns the URL of the API, which may start later than the site
 */
export async function startSite(findApi: () => string): Promise<Site> {
  const reports = new EventEmitter<{ report: [Report] }>();
  const server = createServer(async (incoming, response) => {
    const { pathname } = new URL(incoming.url ?? '', 'http://site');
    if (pathname.startsWith('/api/')) return pass(findApi(), incoming, response);
    if (pathname === '/report') reports.emit('report', JSON.parse(await text(incoming)));
    if (pathname === '/page.js') response.setHeader('Content-Type', 'text/javascript').end(script);
    else response.setHeader('Content-Type', 'text/html').end(page);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the site has no port');
  return {
    port: address.port,
    async nextReport() {
      const { promise, resolve } = Promise.withResolvers<Report>();
      reports.once('report', resolve);
      return promise;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function pass(api: string, incoming: IncomingMessage, response: ServerResponse): void {
  const { method, headers, url } = incoming;
  const onward = request(`${api}${url}`, { method, headers, setHost: false }, upstream => {
    response.writeHead(upstream.statusCode ?? 502, upstream.headers);
    upstream.pipe(response);
  });
  onward.on('error', () => response.destroy());
  response.once('close', () => onward.destroy());
  incoming.pipe(onward);
}
