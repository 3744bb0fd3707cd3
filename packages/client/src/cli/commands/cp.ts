import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { systemErrorText } from '../../system-error.ts';
import { define } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { Ended, UsageError } from '../failure.ts';
import { readStdin } from '../stdin.ts';
import { given } from '../values.ts';

export const cp = define({
  words: 'FILE|- NAME:PATH',
  about: 'Puts a file, or stdin, into a container: whole or not at all.',
  flags: {
    mode: { type: 'string', value: 'OCTAL', about: "its mode; the file's own, or 644 of stdin" },
    owner: { type: 'string', value: 'USER[:GROUP]', about: 'whose it will be; root, unless given' },
  },
  async run({ mode, owner }, words, { api, stopping, progress }) {
    const [source, target, ...rest] = words;
    const [, name, path] = /^([^:/]+):(\/.*)$/s.exec(target ?? '') ?? [];
    if (source === undefined || name === undefined || path === undefined || rest.length > 0) {
      throw new UsageError('A file (or -) and NAME:/absolute/path are wanted; nothing is copied out of a container.');
    }
    const dest_path = path.endsWith('/') ? path + nameOf(source) : path;
    const file = await readSource(source, stopping);
    progress.show(`copying ${file.content.length} bytes`);
    const body = { dest_path, content: file.content.toString('base64'), encoding: 'base64', mode: mode ?? file.mode } as const;
    const { size } = await api.containers.addFile(name, { ...body, ...given({ owner }) }, { signal: stopping });
    if (size === file.content.length) return 0;
    throw new Ended(exitCodes.failed.code, `${dest_path} has ${size} bytes, and not the ${file.content.length} of ${source}.`);
  },
});

function nameOf(source: string): string {
  if (source !== '-') return basename(source);
  throw new UsageError('stdin has no name: give a path that does not end in "/".');
}

async function readSource(source: string, signal: AbortSignal): Promise<{ content: Buffer; mode: string }> {
  if (source === '-') return { content: await readStdin(signal), mode: '644' };
  try {
    const { mode } = await stat(source);
    return { content: await readFile(source), mode: (mode & 0o7777).toString(8).padStart(3, '0') };
  } catch (error) {
    const text = systemErrorText(error) ?? (error instanceof Error ? error.message : String(error));
    throw new UsageError(`${source} can't be read: ${text}.`);
  }
}
