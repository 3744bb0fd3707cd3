import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { type Asset, asset } from '../page.ts';

/** Folder with bull-board's built page: a template, and the files in `static`. */
const builtFolder = new URL('dist/', import.meta.resolve('@bull-board/ui/package.json'));
const servedExtensions: ReadonlySet<string> = new Set(['.js', '.css', '.png', '.svg', '.ico', '.json']);
/** Fonts of another host. Without them the page uses fonts of the reader's system. */
const fontLink = /<link href="https:\/\/fonts\.[^>]*>/;

/** Returns all files that bull-board's page loads. @param base path of the board, with a slash at the end */
export function listBoardFiles(base: string): readonly Asset[] {
  return readdirSync(new URL('static/', builtFolder), { recursive: true, encoding: 'utf8' })
    .filter(name => servedExtensions.has(extname(name)))
    .map(name => asset(`${base}static/${name}`, new URL(`static/${name}`, builtFolder)));
}

/**
 * Fills in the template of bull-board's page, without links to other hosts.
 * @throws Error if the template has unknown placeholders or other links, for example in a new version of bull-board
 */
export async function renderBoardPage(template: string, values: Readonly<Record<string, string>>): Promise<Buffer> {
  const text = (await readFile(template, 'utf8'))
    .replace(fontLink, '')
    .replace(/<%[=-] (\w+) %>/g, (placeholder, name) => values[name] ?? placeholder);
  if (/<%|\shref="https?:|\ssrc="https?:/.test(text)) {
    throw new Error(`${template} has placeholders or links to other hosts that the API does not know; adapt renderBoardPage`);
  }
  return Buffer.from(text);
}
