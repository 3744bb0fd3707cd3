import { readFile } from 'node:fs/promises';

/** Fonts from another host, without which the page takes those of the reader's. */
const fonts = /<link href="https:\/\/fonts\.[^>]*>/;

/** bull-board's page, filled in, and asking no other host for anything. @throws Error for a template that is not as we know it */
export async function readPage(template: string, values: Readonly<Record<string, string>>): Promise<Buffer> {
  const text = (await readFile(template, 'utf8')).replace(fonts, '').replace(/<%[=-] (\w+) %>/g, (whole, name) => values[name] ?? whole);
  if (/<%|\shref="https?:|\ssrc="https?:/.test(text)) throw new Error(`${template} is another than expected`);
  return Buffer.from(text);
}
