import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { describeSystemError } from '../../../system-error.ts';
import { defineCommand } from '../../define-command.ts';
import { UsageError } from '../../errors.ts';
import { nodeFlag, omitUndefined, rejectPositionals, requireOnePositional } from '../../parse-flags.ts';
import { writeStdout } from '../cp/transfer-progress.ts';

export const save = defineCommand({
  positionals: 'IMAGE',
  description: 'Writes an image to stdout as a tar archive that docker load, podman load and podman-api load read.',
  example: 'podman-api save localhost/app:latest',
  flags: { node: nodeFlag },
  async run({ node }, positionals, context) {
    const reference = requireOnePositional(positionals, "An image's name");
    if (process.stdout.isTTY)
      throw new UsageError(`The archive is not text: redirect it, as in "podman-api save ${reference} >image.tar".`);
    const { api, signal } = context;
    await writeStdout(await api.images.export(reference, { signal, ...omitUndefined({ node }) }), reference, context);
    return 0;
  },
});

export const load = defineCommand({
  positionals: '',
  description: 'Loads the images of a tar archive, from stdin or a file, on a node and prints their names.',
  example: 'podman-api load --input image.tar',
  flags: {
    input: { type: 'string', short: 'i', value: 'FILE', description: 'the archive; default: stdin' },
    node: { type: 'string', value: 'NAME', description: 'the node; default: the least loaded' },
  },
  async run({ input, node }, positionals, { api, signal, progress, printLine }) {
    rejectPositionals(positionals);
    if (input !== undefined) await checkReadable(input);
    progress.show('loading images');
    const content = input === undefined ? process.stdin : createReadStream(input);
    const images = await api.images.load(ReadableStream.from<Uint8Array>(content), { signal, ...omitUndefined({ node }) });
    for (const { reference } of images) await printLine(reference);
    return 0;
  },
});

/** @throws UsageError if a file cannot be read */
async function checkReadable(path: string): Promise<void> {
  try {
    const file = await open(path);
    const isDirectory = (await file.stat()).isDirectory();
    await file.close();
    if (isDirectory) throw new UsageError(`${path} cannot be read: it is a directory.`);
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(`${path} cannot be read: ${describeSystemError(error) ?? String(error)}.`);
  }
}
