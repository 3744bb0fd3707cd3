import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A step of the example in CONTRIBUTING.md. */
export type Step =
  | { readonly kind: 'create'; readonly path: string; readonly text: string }
  /** Replaces one text, which the file contains once, by another. */
  | { readonly kind: 'edit'; readonly path: string; readonly before: string; readonly after: string }
  | { readonly kind: 'run'; readonly command: string };

/**
 * Reads the steps of the section "Add an operation" in order: blocks of code below the name of a new file, blocks of changes
 * below the name of a file, and commands.
 */
export function readExample(root: string): Step[] {
  const [, section = ''] = /\n## Add an operation\n([\s\S]*?)\n## /.exec(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')) ?? [];
  const blocks = section.matchAll(/(?:^`([^`\n]+)`(?: \(new\))?:\n\n)?^```(\w+)\n([\s\S]*?)^```$/gm);
  return [...blocks].flatMap(([, path, language, text = '']): Step[] => {
    if (language === 'sh') return lines(text).map(command => ({ kind: 'run', command }));
    if (path === undefined) throw new Error(`CONTRIBUTING.md has a block without the name of its file:\n${text}`);
    return [language === 'diff' ? { kind: 'edit', path, ...readDiff(text) } : { kind: 'create', path, text }];
  });
}

function readDiff(text: string): { before: string; after: string } {
  const without = (sign: string) =>
    lines(text)
      .filter(line => !line.startsWith(sign))
      .map(line => `${line.slice(1)}\n`)
      .join('');
  return { before: without('+'), after: without('-') };
}

function lines(text: string): string[] {
  return text.split('\n').filter(line => line !== '');
}
