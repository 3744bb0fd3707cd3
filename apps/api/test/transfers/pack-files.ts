import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';

/** Returns a tar archive of files with these contents, by their paths. */
export async function packFiles(files: Readonly<Record<string, string>>): Promise<Uint8Array<ArrayBuffer>> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content);
  archive.finalize();
  return new Uint8Array(await buffer(archive));
}
