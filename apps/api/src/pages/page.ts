import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';

/** A file of a page. */
export interface Asset {
  /** Path of its URL. */
  readonly path: string;
  /** File extension, which determines the media type. */
  readonly type: string;
  read(): Promise<Buffer>;
}

/** A web page. Its files contain nothing about the installation: it loads all data from the API. */
export interface Page {
  readonly assets: readonly Asset[];
  /** Content-Security-Policy directives (CSP Level 3) in addition to those of every page. */
  readonly policy: readonly string[];
}

/** Returns an asset that is read from a file. */
export function asset(path: string, source: URL): Asset {
  return { path, type: extname(source.pathname).slice(1), read: () => readFile(source) };
}
