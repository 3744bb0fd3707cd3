import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { extract, pack } from 'tar-stream';
import type { RecordedBody, TarEntry } from './steps.ts';

const frameHeaderBytes = 8;
const stderrType = 2;
/** A tar archive has this at the offset 257 (tar(5)). */
const tarMagic = { text: 'ustar', offset: 257 } as const;

/** Reads a body as its type and content say. */
export async function decodeBody(contentType: string | undefined, bytes: Buffer): Promise<RecordedBody> {
  if (contentType?.startsWith('application/vnd.docker.multiplexed-stream')) return { frames: decodeFrames(bytes) };
  const { offset, text: magic } = tarMagic;
  if (bytes.toString('latin1', offset, offset + magic.length) === magic) return { tar: await decodeTar(bytes) };
  const content = bytes.toString();
  if (!contentType?.startsWith('application/json') || content.trim() === '') return { text: content };
  try {
    return { json: JSON.parse(content) };
  } catch {
    // The last line is not complete if the client disconnected within it.
    const lines = content.slice(0, content.lastIndexOf('\n') + 1).split('\n');
    return { lines: lines.filter(line => line.trim() !== '').map((line): unknown => JSON.parse(line)) };
  }
}

/** Writes the body of a request. */
export async function encodeBody(body: RecordedBody): Promise<Buffer> {
  if ('json' in body) return Buffer.from(JSON.stringify(body.json));
  if ('tar' in body) return encodeTar(body.tar);
  if ('text' in body) return Buffer.from(body.text);
  throw new Error(`no client sends a body like ${JSON.stringify(body)}`);
}

/** Joins the contents of the complete frames of each stream: how they are split, and the order of the two streams, vary. */
function decodeFrames(bytes: Buffer): { stdout: string; stderr: string } {
  const streams = { stdout: '', stderr: '' };
  for (let start = 0; start + frameHeaderBytes <= bytes.length; ) {
    const end = start + frameHeaderBytes + bytes.readUInt32BE(start + 4);
    streams[bytes[start] === stderrType ? 'stderr' : 'stdout'] += bytes.toString('utf8', start + frameHeaderBytes, end);
    start = end;
  }
  return streams;
}

async function decodeTar(bytes: Buffer): Promise<readonly TarEntry[]> {
  const entries: TarEntry[] = [];
  for await (const entry of Readable.from([bytes]).pipe(extract())) {
    const { name, type } = entry.header;
    entries.push({ name, type: type ?? 'file', text: await text(entry) });
  }
  return entries;
}

async function encodeTar(entries: readonly TarEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, type, text: content } of entries) {
    if (type === 'directory') archive.entry({ name, type });
    else archive.entry({ name }, content);
  }
  archive.finalize();
  return buffer(archive);
}
