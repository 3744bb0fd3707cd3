import { readFile } from 'node:fs/promises';

/** A file of the docs page. */
export interface Asset {
  readonly path: string;
  /** The extension that tells its media type. */
  readonly type: 'html' | 'js' | 'css' | 'png';
  read(): Promise<Buffer>;
}

const own = (name: string) => () => readFile(new URL(name, import.meta.url));
const swagger = (name: string) => () => readFile(new URL(import.meta.resolve(`swagger-ui-dist/${name}`)));

/** All that the docs page is made of. */
export const assets: readonly Asset[] = [
  { path: '/docs', type: 'html', read: own('page.html') },
  { path: '/docs/page.js', type: 'js', read: own('page.js') },
  { path: '/docs/page.css', type: 'css', read: own('page.css') },
  { path: '/docs/swagger-ui.js', type: 'js', read: swagger('swagger-ui-bundle.js') },
  { path: '/docs/swagger-ui.css', type: 'css', read: swagger('swagger-ui.css') },
  { path: '/docs/favicon.png', type: 'png', read: swagger('favicon-32x32.png') },
];
