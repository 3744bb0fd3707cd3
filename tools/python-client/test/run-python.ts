import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { images, startChild } from '@podman-api/testing';

/** Folder of the Python package, its tests and its README. */
export const pythonFolder = fileURLToPath(new URL('../../../clients/python/', import.meta.url));

/**
 * Runs Python and waits for its end. Warnings, such as one for a connection that was not closed, are errors.
 * @param env variables beside those of this process
 * @param program default: `python3` on the path
 */
export async function runPython(args: readonly string[], env: Readonly<Record<string, string>>, program = 'python3') {
  const child = startChild(program, ['-W', 'error', ...args], { PYTHONDONTWRITEBYTECODE: '1', ...env });
  return { code: await child.ended, output: child.output() };
}

/** Returns the Python examples of a page as one program, because each start of Python takes a while, and the documented output of all. */
export function readExamples(page: string): { readonly program: string; readonly output: string } {
  const text = readFileSync(`${pythonFolder}../../${page}`, 'utf8');
  const examples = [...text.matchAll(/```python\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/g)];
  if (examples.length === 0 || examples.length !== text.match(/```python/g)?.length) {
    throw new Error(`${page} has an example without the output that it prints.`);
  }
  const sources = examples.map(([, source = '']) => source.replaceAll('localhost/podman-api/busybox', images.busybox));
  return { program: sources.join('\n'), output: examples.map(([, , printed]) => printed).join('') };
}
