import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';

/** A file that a page is made of. */
export interface Asset {
  /** The path it is served at; its page's own for the page itself. */
  readonly path: string;
  /** The extension that tells its media type. */
  readonly type: string;
  read(): Promise<Buffer>;
}

/** A page for people, which tells nothing of the installation: what it shows, it asks the API for. */
export interface Page {
  readonly assets: readonly Asset[];
  /** What it needs beyond what every page may, as directives of CSP Level 3. */
  readonly policy: readonly string[];
}

/** @param source where it is read */
export function asset(path: string, source: URL): Asset {
  return { path, type: extname(source.pathname).slice(1), read: () => readFile(source) };
}
