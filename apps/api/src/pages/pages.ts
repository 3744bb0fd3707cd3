import type { Router } from '@koa/router';
import type { State } from '../context.ts';
import { asset, type Page } from './page.ts';
import { serve } from './serve.ts';

const dashboardFile = (path: string) => new URL(import.meta.resolve(`@podman-api/dashboard/${path}`));
const swaggerFile = (name: string) => new URL(import.meta.resolve(`swagger-ui-dist/${name}`));

const overviewFiles = [
  'icon.svg',
  'page.css',
  'figures.css',
  'tables.css',
  'main.js',
  'api.js',
  'resource.js',
  'nodes.js',
  'jobs.js',
  'job.js',
  'containers.js',
  'container.js',
  'figures.js',
  'plot.js',
  'table.js',
  'format.js',
];

/** `/`: the live state of the service, as the public API reports it. */
const overview: Page = {
  assets: [
    asset('/', dashboardFile('overview/page.html')),
    ...overviewFiles.map(name => asset(`/overview/${name}`, dashboardFile(`overview/${name}`))),
  ],
  // The browser refuses a script that would turn a string into HTML (W3C, Trusted Types).
  policy: ["style-src 'self'", "require-trusted-types-for 'script'"],
};

/** `/docs`: the API's document, to read and to try out. */
const docs: Page = {
  assets: [
    asset('/docs', dashboardFile('docs/page.html')),
    asset('/docs/page.js', dashboardFile('docs/page.js')),
    asset('/docs/page.css', dashboardFile('docs/page.css')),
    asset('/docs/swagger-ui.js', swaggerFile('swagger-ui-bundle.js')),
    asset('/docs/swagger-ui.css', swaggerFile('swagger-ui.css')),
    asset('/docs/favicon.png', swaggerFile('favicon-32x32.png')),
  ],
  // Swagger UI writes style attributes.
  policy: ["style-src 'self' 'unsafe-inline'"],
};

const pages = [overview, docs];

/** Paths of all pages and of the files that they load. */
export const pagePaths: readonly string[] = pages.flatMap(({ assets }) => assets.map(({ path }) => path));

/** Adds the routes of all pages. */
export function addPages(router: Router<State, object>): void {
  for (const { assets, policy } of pages) {
    for (const asset of assets) router.get(asset.path, serve(asset, policy));
  }
}
