import { readdirSync } from 'node:fs';
import { extname } from 'node:path';
import { type Asset, asset } from '../page.ts';

/** bull-board's page as it is built: a template, and the files in `static`. */
const built = new URL('dist/', import.meta.resolve('@bull-board/ui/package.json'));

const types: ReadonlySet<string> = new Set(['.js', '.css', '.png', '.svg', '.ico', '.json']);

/** All that bull-board's page loads. @param base where it is, with a slash at the end */
export function filesOf(base: string): readonly Asset[] {
  return readdirSync(new URL('static/', built), { recursive: true, encoding: 'utf8' })
    .filter(name => types.has(extname(name)))
    .map(name => asset(`${base}static/${name}`, new URL(`static/${name}`, built)));
}
