import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { extract, type Pack, pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { packDirectory } from '../src/tar/pack-directory.ts';
import { ArchiveError } from '../src/tar/read-entries.ts';
import { unpackDirectory } from '../src/tar/unpack-directory.ts';
import { createTestFolder } from './test-folder.ts';

const root = createTestFolder();
const createFolder = () => mkdtempSync(join(root, 'folder-'));

/** Cuts a stream into pieces of a few bytes, so that nothing depends on where they begin and end. */
async function* cut(source: AsyncIterable<Uint8Array>, bytes = 333): AsyncGenerator<Uint8Array> {
  for await (const piece of source) for (let at = 0; at < piece.length; at += bytes) yield piece.subarray(at, at + bytes);
}

type ArchivedEntry = readonly [header: Parameters<Pack['entry']>[0], content?: string];

/** Returns an archive of another implementation. */
function archiveOf(...entries: readonly ArchivedEntry[]): Readable {
  const archive = pack();
  for (const [header, content = ''] of entries) archive.entry(header, content);
  archive.finalize();
  return Readable.from(archive);
}

describe('packDirectory and unpackDirectory', () => {
  it('carry files, directories, links, modes and times', async () => {
    const folder = createFolder();
    const [source, target] = [join(folder, 'source'), join(folder, 'target')];
    const longName = `${'long/'.repeat(30)}${'ä'.repeat(100)}`;
    mkdirSync(join(source, longName, '..'), { recursive: true });
    mkdirSync(target);
    writeFileSync(join(source, longName), 'deep');
    writeFileSync(join(source, 'large'), Buffer.alloc(300_001, 'x'));
    writeFileSync(join(source, 'empty'), '');
    writeFileSync(join(source, 'program'), '#!');
    chmodSync(join(source, 'program'), 0o4750);
    symlinkSync(`../${'x'.repeat(150)}`, join(source, 'link'));
    mkdirSync(join(source, 'closed'));
    writeFileSync(join(source, 'closed', 'file'), '');
    utimesSync(join(source, 'closed'), 1_500_000_000, 1_500_000_000);
    chmodSync(join(source, 'closed'), 0o500);

    await unpackDirectory(target, cut(packDirectory(source, { name: 'copy' })));
    const copy = join(target, 'copy');
    expect(readdirSync(copy).sort()).toEqual(readdirSync(source).sort());
    expect(readFileSync(join(copy, longName), 'utf8')).toBe('deep');
    expect(readFileSync(join(copy, 'large'))).toEqual(readFileSync(join(source, 'large')));
    expect(statSync(join(copy, 'empty')).size).toBe(0);
    // Without the set-user-ID bit.
    expect(statSync(join(copy, 'program')).mode & 0o7777).toBe(0o750);
    expect(readlinkSync(join(copy, 'link'))).toBe(readlinkSync(join(source, 'link')));
    expect(statSync(join(copy, 'closed'))).toMatchObject({ mode: 0o40500, mtimeMs: 1_500_000_000_000 });
    for (const path of [source, copy]) chmodSync(join(path, 'closed'), 0o700);
  });

  it('understand what another implementation writes, and are understood by it', async () => {
    const folder = createFolder();
    const long = `${'name/'.repeat(40)}file`;
    const written = archiveOf(
      [{ name: 'a', mode: 0o600 }, 'one'],
      [{ name: 'b', type: 'link', linkname: 'a' }],
      [{ name: long }, 'long'],
      [{ name: 'x'.repeat(140) }, 'x'],
      [{ name: 'pipe', type: 'fifo' }],
    );
    const skipped: string[] = [];
    await unpackDirectory(folder, written, { onSkipped: name => skipped.push(name) });
    expect(statSync(join(folder, 'a')).ino).toBe(statSync(join(folder, 'b')).ino);
    expect(readFileSync(join(folder, long), 'utf8')).toBe('long');
    expect(skipped).toEqual(['pipe']);

    const names: string[] = [];
    for await (const entry of Readable.from(packDirectory(folder)).pipe(extract())) {
      names.push(entry.header.name);
      entry.resume();
    }
    expect(names).toContain(long);
    expect(names.slice(0, 3)).toEqual(['a', 'b', 'name/']);
  });
});

describe('packDirectory', () => {
  it('leaves out what is excluded, sockets, pipes and devices, and names what it cannot read', async () => {
    const folder = createFolder();
    mkdirSync(join(folder, 'out', 'in'), { recursive: true });
    writeFileSync(join(folder, 'out', 'in', 'file'), '');
    writeFileSync(join(folder, 'kept'), '');
    const namesWith = async (options: Parameters<typeof packDirectory>[1]) => {
      const names: string[] = [];
      for await (const entry of Readable.from(packDirectory(folder, options)).pipe(extract())) {
        names.push(entry.header.name);
        entry.resume();
      }
      return names;
    };
    const isExcluded = (path: string) => path.startsWith('out') && path !== 'out/in/file';
    expect(await namesWith({ isExcluded })).toEqual(['kept']);
    expect(await namesWith({ isExcluded, entersExcluded: true })).toEqual(['kept', 'out/in/file']);
    await expect(Array.fromAsync(packDirectory(join(folder, 'missing')))).rejects.toMatchObject({ path: join(folder, 'missing') });
  });
});

/** Name of a file that an archive tries to write into /tmp, where other programs have files too. */
const strayName = `podman-api-test-${randomUUID()}`;

describe('unpackDirectory', () => {
  it.each([
    ['a name with ".."', [[{ name: '../x' }, '']]],
    ['a name through a link of the archive', [[{ name: 'l', type: 'symlink', linkname: '/tmp' }], [{ name: `l/${strayName}` }, '']]],
    [
      'a directory through a link of the archive',
      [[{ name: 'l', type: 'symlink', linkname: '/tmp' }], [{ name: 'l/', type: 'directory' }]],
    ],
    ['a hard link to a file outside', [[{ name: 'h', type: 'link', linkname: '../../etc/passwd' }]]],
    [
      'a hard link through a link',
      [[{ name: 'l', type: 'symlink', linkname: '/etc' }], [{ name: 'h', type: 'link', linkname: 'l/passwd' }]],
    ],
    ['a hard link to a link', [[{ name: 'l', type: 'symlink', linkname: '/etc/passwd' }], [{ name: 'h', type: 'link', linkname: 'l' }]]],
    ['a file in place of a directory', [[{ name: 'd/', type: 'directory' }], [{ name: 'd' }, '']]],
    ['a file in place of the directory itself', [[{ name: './' }, '']]],
  ] as [string, ArchivedEntry[]][])('refuses %s, and writes nothing outside', async (_, entries) => {
    const folder = createFolder();
    const target = join(folder, 'target');
    mkdirSync(target);
    await expect(unpackDirectory(target, archiveOf(...entries))).rejects.toThrow(ArchiveError);
    expect(readdirSync(folder)).toEqual([basename(target)]);
    expect(existsSync(join('/tmp', strayName))).toBe(false);
  });

  it('replaces a link by a later file of its name, and does not write through it', async () => {
    const folder = createFolder();
    const [target, outside] = [join(folder, 'target'), join(folder, 'outside')];
    mkdirSync(target);
    writeFileSync(outside, 'old');
    await unpackDirectory(target, archiveOf([{ name: 'l', type: 'symlink', linkname: outside }], [{ name: 'l' }, 'new']));
    expect(readFileSync(outside, 'utf8')).toBe('old');
    expect(readFileSync(join(target, 'l'), 'utf8')).toBe('new');
  });

  it('refuses an archive that is cut off or damaged', async () => {
    const folder = createFolder();
    writeFileSync(join(folder, 'file'), 'x'.repeat(2000));
    const whole = Buffer.concat(await Array.fromAsync(packDirectory(folder)));
    for (const bytes of [whole.subarray(0, 1000), whole.subarray(0, 2560), Buffer.concat([Buffer.from('y'), whole.subarray(1)])]) {
      await expect(unpackDirectory(createFolder(), Readable.from([bytes]))).rejects.toThrow(ArchiveError);
    }
  });
});
