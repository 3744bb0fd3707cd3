import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { describeSystemError } from '../../system-error.ts';
import { defineCommand } from '../define-command.ts';
import { ExitError, UsageError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { omitUndefined } from '../parse-flags.ts';
import { readStdin } from '../stdin.ts';

export const cp = defineCommand({
  positionals: 'FILE|- NAME:PATH',
  description: 'Copies a file, or stdin, into a container. Nothing is written if the copy fails.',
  flags: {
    mode: { type: 'string', value: 'OCTAL', description: 'mode of the copy; default: that of the file, or 644 for stdin' },
    owner: { type: 'string', value: 'USER[:GROUP]', description: 'owner of the copy; default: root' },
  },
  async run({ mode, owner }, positionals, { api, signal, progress }) {
    const [source, target, ...rest] = positionals;
    const [, name, path] = /^([^:/]+):(\/.*)$/s.exec(target ?? '') ?? [];
    if (source === undefined || name === undefined || path === undefined || rest.length > 0) {
      throw new UsageError('cp needs a file (or -) and NAME:/absolute/path. It cannot copy out of a container: use exec with cat.');
    }
    const dest_path = path.endsWith('/') ? path + getFileName(source) : path;
    const file = await readSource(source, signal);
    progress.show(`copying ${file.content.length} bytes`);
    const body = { dest_path, content: file.content.toString('base64'), encoding: 'base64', mode: mode ?? file.mode } as const;
    const { size } = await api.containers.addFile(name, { ...body, ...omitUndefined({ owner }) }, { signal });
    if (size === file.content.length) return 0;
    throw new ExitError(
      exitCodes.failed.code,
      `${source} has ${file.content.length} bytes, but ${dest_path} has ${size}: copy the file again.`,
    );
  },
});

function getFileName(source: string): string {
  if (source !== '-') return basename(source);
  throw new UsageError('stdin has no name: give a path that does not end in "/".');
}

async function readSource(source: string, signal: AbortSignal): Promise<{ content: Buffer; mode: string }> {
  if (source === '-') return { content: await readStdin(signal), mode: '644' };
  try {
    const { mode } = await stat(source);
    return { content: await readFile(source), mode: (mode & 0o7777).toString(8).padStart(3, '0') };
  } catch (error) {
    const reason = describeSystemError(error) ?? (error instanceof Error ? error.message : String(error));
    throw new UsageError(`${source} cannot be read: ${reason}.`);
  }
}
