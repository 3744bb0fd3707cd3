import { asset, type Page } from '../page.ts';

const own = (name: string) => new URL(name, import.meta.url);
const parts = [
  'icon.svg',
  'page.css',
  'figures.css',
  'tables.css',
  'main.js',
  'ask.js',
  'question.js',
  'nodes.js',
  'jobs.js',
  'job.js',
  'containers.js',
  'figures.js',
  'plot.js',
  'table.js',
  'words.js',
];

/** `/`: how the service stands, live, by what the public API tells. */
export const overview: Page = {
  assets: [asset('/', own('page.html')), ...parts.map(name => asset(`/overview/${name}`, own(name)))],
  // The browser itself refuses a script that would make HTML of a text (W3C, Trusted Types).
  policy: ["style-src 'self'", "require-trusted-types-for 'script'"],
};
