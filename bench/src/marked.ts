import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Puts text between two marks of a document, `<!-- <mark> -->` and `<!-- /<the mark's first word> -->`.
 * @param mark such as `figures: written by npm run bench:fleet`
 * @throws Error where the document has no such marks
 */
export function placed(document: string, mark: string, text: string): string {
  const begin = `<!-- ${mark} -->`;
  const end = `<!-- /${/^\w+/.exec(mark)?.[0]} -->`;
  const [before, rest] = document.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`the document has no ${begin} … ${end}`);
  return `${before}${begin}\n${text}\n${end}${after}`;
}

/** The same in a file. */
export function placeInFile(file: URL, mark: string, text: string): void {
  writeFileSync(file, placed(readFileSync(file, 'utf8'), mark, text));
}
