import type { Router } from '@koa/router';
import type { State } from '../context.ts';
import { asset, htmlAsset, type Page } from './page.ts';
import { serve } from './serve.ts';

const dashboardFile = (path: string) => new URL(import.meta.resolve(`@podman-api/dashboard/${path}`));
const swaggerFile = (name: string) => new URL(import.meta.resolve(`swagger-ui-dist/${name}`));

const xtermFile = (path: string) => new URL(import.meta.resolve(`@xterm/${path}`));

/** Returns the files of a folder of the dashboard. */
const dashboardAssets = (folder: string, names: readonly string[]) =>
  names.map(name => asset(`/${folder}/${name}`, dashboardFile(`${folder}/${name}`)));
/** Returns the HTML of a folder of the dashboard. */
const dashboardPage = (path: string, folder: string) =>
  htmlAsset(path, dashboardFile(`${folder}/page.html`), name => dashboardFile(`shared/${name}.html`));

/** The browser refuses a script that would turn a string into HTML (W3C, Trusted Types). */
const noHtmlFromText = "require-trusted-types-for 'script'";

/** What `/`, `/resources` and `/terminal` share. */
const shared: Page = {
  assets: dashboardAssets('shared', [
    'icon.svg',
    'page.css',
    'forms.css',
    'tables.css',
    'api.js',
    'format.js',
    'page.js',
    'resource.js',
    'table.js',
  ]),
  policy: ["style-src 'self'"],
};

/** `/`: the live state of the service, as the public API reports it. */
const overview: Page = {
  assets: [
    dashboardPage('/', 'overview'),
    ...dashboardAssets('overview', [
      'figures.css',
      'main.js',
      'nodes.js',
      'jobs.js',
      'job.js',
      'containers.js',
      'container.js',
      'figures.js',
      'plot.js',
    ]),
  ],
  policy: ["style-src 'self'", noHtmlFromText],
};

/** `/resources`: images, volumes and networks. */
const resources: Page = {
  assets: [
    dashboardPage('/resources', 'resources'),
    ...dashboardAssets('resources', ['page.css', 'main.js', 'section.js', 'kinds.js', 'confirm.js', 'pull.js', 'output.js']),
  ],
  policy: ["style-src 'self'", noHtmlFromText],
};

/** `/terminal?container=NAME`: a terminal in a container. */
const terminal: Page = {
  assets: [
    dashboardPage('/terminal', 'terminal'),
    ...dashboardAssets('terminal', ['page.css', 'main.js', 'connection.js', 'screen.js']),
    asset('/terminal/xterm.js', xtermFile('xterm/lib/xterm.mjs')),
    asset('/terminal/xterm.css', xtermFile('xterm/css/xterm.css')),
    asset('/terminal/addon-fit.js', xtermFile('addon-fit/lib/addon-fit.mjs')),
  ],
  // xterm.js makes style elements for its colors and the size of its characters.
  policy: ["style-src 'self' 'unsafe-inline'", noHtmlFromText],
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

const pages = [shared, overview, resources, terminal, docs];

/** Paths of all pages and of the files that they load. */
export const pagePaths: readonly string[] = pages.flatMap(({ assets }) => assets.map(({ path }) => path));

/** Adds the routes of all pages. */
export function addPages(router: Router<State, object>): void {
  for (const { assets, policy } of pages) {
    for (const asset of assets) router.get(asset.path, serve(asset, policy));
  }
}
