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

/**
 * Returns the HTML of a page, in which each line `<!-- include NAME -->` is replaced by what the pages share.
 * @param findShared returns the file of a name
 */
export function htmlAsset(path: string, source: URL, findShared: (name: string) => URL): Asset {
  return {
    path,
    type: 'html',
    async read() {
      // Every second piece is a name.
      const pieces = (await readFile(source, 'utf8')).split(/^ *<!-- include ([\w-]+) -->\n/m);
      const contents = pieces.map((piece, index) => (index % 2 === 0 ? piece : readFile(findShared(piece), 'utf8')));
      return Buffer.from((await Promise.all(contents)).join(''));
    },
  };
}
