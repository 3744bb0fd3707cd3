import { describe, expect, it } from 'vitest';
import { blockBytes, checksumOf, encodeHeader, paddingBytes } from '../../src/files/helper/archive/encode-header.ts';
import { type EntryHeader, readEntries } from '../../src/files/helper/archive/read-entries.ts';

/** Returns an entry of an archive. @param flag its type, such as `0` for a file, and `x` for an extended header */
function entryOf(flag: string, content: string, name = 'file'): Buffer {
  const header = { name, mode: 0o644, uid: 0, gid: 0, size: content.length, mtimeSeconds: 0, linkName: '', owner: '', group: '' };
  const block = encodeHeader({ ...header, type: 'file', device: { major: 0, minor: 0 } });
  block.write(flag, 156, 'latin1');
  block.write(`${checksumOf(block).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return Buffer.concat([block, Buffer.from(content, 'latin1'), Buffer.alloc(paddingBytes(content.length))]);
}

/** Returns a record of an extended header (pax): its length in decimal, which counts itself, a key and a value. */
function recordOf(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const digits = [1, 2, 3, 4, 5, 6, 7].find(count => String(rest.length + count).length === count) ?? 0;
  return `${rest.length + digits}${rest}`;
}

async function read(...entries: readonly Buffer[]): Promise<readonly EntryHeader[]> {
  const headers: EntryHeader[] = [];
  for await (const { entry } of readEntries([Buffer.concat([...entries, Buffer.alloc(2 * blockBytes)])])) headers.push(entry);
  return headers;
}

describe('readEntries', () => {
  it.each(['0.5', '-1', '1e0', '0x1', ' 1', '99999999999999999999'])('refuses the size %j in an extended header', async size => {
    await expect(read(entryOf('x', recordOf('size', size)), entryOf('0', 'a'))).rejects.toMatchObject({ failure: 'archive' });
  });

  it('uses the values of extended headers that are not empty, for the next entry or for all', async () => {
    const headers = await read(
      entryOf('g', recordOf('uid', '7') + recordOf('path', 'global')),
      entryOf('x', recordOf('path', 'own') + recordOf('size', '') + recordOf('uid', '8')),
      entryOf('0', 'a'),
      entryOf('0', 'bc'),
    );
    expect(headers).toMatchObject([
      { name: 'own', size: 1, uid: 8 },
      { name: 'global', size: 2, uid: 7 },
    ]);
  });

  // If every entry copied all records of the global header, this would take ten minutes.
  it('reads many entries after a global header with many records', async () => {
    const records = Array.from({ length: 50_000 }, (_, index) => recordOf(`key.${index}`, '1')).join('');
    const headers = await read(entryOf('g', records), ...Array.from({ length: 5_000 }, () => entryOf('0', '')));
    expect(headers).toHaveLength(5_000);
  });

  it('refuses an extended header of more than a MiB, and a sparse file', async () => {
    const isArchiveError = { failure: 'archive' };
    await expect(read(entryOf('x', recordOf('comment', 'c'.repeat(1024 ** 2))), entryOf('0', ''))).rejects.toMatchObject(isArchiveError);
    await expect(read(entryOf('x', recordOf('GNU.sparse.major', '1')), entryOf('0', ''))).rejects.toMatchObject(isArchiveError);
  });

  it('shortens a long name in an error', async () => {
    const entries = [entryOf('x', recordOf('path', 'n'.repeat(500_000))), entryOf('?', '')];
    const error: unknown = await read(...entries).catch((thrown: unknown) => thrown);
    expect(String(error).length).toBeLessThan(400);
  });
});
