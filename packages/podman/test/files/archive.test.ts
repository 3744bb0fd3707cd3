import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTestTree, packEntries, readNames } from './archive-trees.ts';

describe('openArchive and extractArchive', () => {
  it('carry files, directories, links, modes and times', async () => {
    const source = createTestTree();
    const srv = join(source.root, 'srv');
    const longName = `${'long/'.repeat(30)}${'ä'.repeat(100)}`;
    mkdirSync(join(srv, 'a', longName, '..'), { recursive: true });
    writeFileSync(join(srv, 'a', longName), 'deep');
    writeFileSync(join(srv, 'a', 'large'), Buffer.alloc(700_001, 'x'));
    writeFileSync(join(srv, 'a', 'empty'), '');
    chmodSync(join(srv, 'a', 'empty'), 0o4751);
    linkSync(join(srv, 'a', 'large'), join(srv, 'a', 'same'));
    symlinkSync('../../../etc/passwd', join(srv, 'a', 'link'));
    mkdirSync(join(srv, 'a', 'closed'), { mode: 0o700 });

    const target = createTestTree();
    const result = await target.extract('/srv', source.archive('/srv/a'));
    expect(result).toEqual({ path: '/srv', entries: 37, size: 700_005 });
    const copy = join(target.root, 'srv', 'a');
    expect(readFileSync(join(copy, longName), 'utf8')).toBe('deep');
    expect(readFileSync(join(copy, 'same'))).toEqual(Buffer.alloc(700_001, 'x'));
    expect(statSync(join(copy, 'same')).ino).toBe(statSync(join(copy, 'large')).ino);
    expect(readlinkSync(join(copy, 'link'))).toBe('../../../etc/passwd');
    expect(statSync(join(copy, 'empty')).mode & 0o7777).toBe(0o4751);
    expect(statSync(join(copy, 'closed')).mode & 0o7777).toBe(0o700);
    expect(Math.floor(statSync(copy).mtimeMs / 1000)).toBe(Math.floor(statSync(join(srv, 'a')).mtimeMs / 1000));
    expect(readdirSync(join(target.root, 'srv'))).toEqual(['a']);
  });

  // Small files are joined in one buffer, and all files are read into another.
  it('carry files of all sizes beside each other', async () => {
    const [source, target] = [createTestTree(), createTestTree()];
    const sizes = [1, 65_535, 65_536, 65_537, 300_000, 511 * 1024, 512 * 1024, 600_000, 2, 1_500_000, 3];
    const contentOf = (name: number) => Buffer.alloc(sizes[name] ?? 0, `content of ${name} `);
    for (const name of sizes.keys()) writeFileSync(join(source.root, 'srv', String(name)), contentOf(name));
    await target.extract('/srv', source.archive('/srv/.'));
    for (const name of sizes.keys()) expect(readFileSync(join(target.root, 'srv', String(name))).equals(contentOf(name))).toBe(true);
  });

  it('name the content of a directory with ".", and follow a link at the end only with "/"', async () => {
    const tree = createTestTree();
    writeFileSync(join(tree.root, 'srv', 'file'), 'content');
    symlinkSync('srv', join(tree.root, 'link'));
    const readArchiveNames = (path: string) => readNames(tree.archive(path));
    expect(await readArchiveNames('/srv/.')).toEqual(['./', './file']);
    expect(await readArchiveNames('/link')).toEqual(['link']);
    expect(await readArchiveNames('/link/')).toEqual(['link/', 'link/file']);
  });
});

describe('extractArchive', () => {
  it('merges with what is there: files are replaced, and links to directories stay', async () => {
    const tree = createTestTree();
    const srv = join(tree.root, 'srv');
    mkdirSync(join(srv, 'usr/lib'), { recursive: true });
    symlinkSync('usr/lib', join(srv, 'lib'));
    writeFileSync(join(srv, 'usr/lib/old'), 'old');
    writeFileSync(join(srv, 'usr/lib/both'), 'old');
    symlinkSync('/etc/passwd', join(srv, 'replaced'));
    chmodSync(join(srv, 'usr'), 0o711);
    await tree.extract(
      '/srv',
      await packEntries([
        { name: 'lib/both', content: 'new' },
        { name: '/lib/new', content: 'new' },
        { name: 'usr/lib', type: 'directory', mode: 0o750 },
        { name: './replaced', content: 'file' },
      ]),
    );
    expect(lstatSync(join(srv, 'lib')).isSymbolicLink()).toBe(true);
    expect(readdirSync(join(srv, 'usr/lib')).sort()).toEqual(['both', 'new', 'old']);
    expect(readFileSync(join(srv, 'usr/lib/both'), 'utf8')).toBe('new');
    expect([statSync(join(srv, 'usr')).mode & 0o777, statSync(join(srv, 'usr/lib')).mode & 0o777]).toEqual([0o711, 0o750]);
    expect(lstatSync(join(srv, 'replaced')).isFile()).toBe(true);
  });

  const hostile: readonly (readonly [string, Parameters<typeof packEntries>[0], RegExp])[] = [
    ['..', [{ name: '../out', content: 'x' }], /leads out/],
    ['.. within a name', [{ name: 'a/../../out', content: 'x' }], /leads out/],
    [
      'a file through a link of the archive',
      [{ name: 'l', type: 'symlink', linkname: '/' }, { name: 'l/out' }],
      /not a directory in the archive/,
    ],
    ['a hard link out', [{ name: 'h', type: 'link', linkname: '/etc/passwd' }], /not a directory in the archive/],
    ['a hard link to no file', [{ name: 'h', type: 'link', linkname: 'x' }], /not an earlier file/],
    ['a hard link by ..', [{ name: 'h', type: 'link', linkname: '../../etc/passwd' }], /leads out/],
    [
      'a hard link to a directory',
      [
        { name: 'd', type: 'directory' },
        { name: 'h', type: 'link', linkname: 'd' },
      ],
      /not an earlier file/,
    ],
    ['a device', [{ name: 'null', type: 'character-device', devmajor: 1, devminor: 3 }], /is a device/],
    ['a pipe', [{ name: 'p', type: 'fifo' }], /is a pipe/],
    ['a directory and a file of the same name', [{ name: 'd/x' }, { name: 'd' }], /as a directory/],
    ['a path with 401 names', [{ name: `${'d/'.repeat(400)}x` }], /more than 400 levels/],
    ['a negative owner', [{ name: 'x', pax: { uid: '-1' } }], /invalid user or group id/],
    ['a sparse file', [{ name: 'x', pax: { 'GNU.sparse.major': '1' } }], /not supported/],
  ];
  it.each(hostile)('refuses %s, and leaves nothing', async (_what, entries, message) => {
    const tree = createTestTree();
    const archive = await packEntries([{ name: 'first', content: 'first' }, ...entries]);
    await expect(tree.extract('/srv', archive)).rejects.toMatchObject({ failure: 'archive', message: expect.stringMatching(message) });
    expect(readdirSync(tree.root)).toEqual(['srv']);
    expect(readdirSync(join(tree.root, 'srv'))).toEqual([]);
  });

  it.each([
    ['is cut off', (archive: Buffer) => archive.subarray(0, 1400)],
    ['claims a larger file than it has', (archive: Buffer) => withSize(archive, '77777777777')],
    ['claims a smaller file than it has', (archive: Buffer) => withSize(archive, '00000000001')],
    ['is none', () => Buffer.alloc(4096, 'no archive')],
  ])('refuses an archive that %s, and leaves nothing', async (_what, change) => {
    const tree = createTestTree();
    const archive = change(await packEntries([{ name: 'first', content: 'x'.repeat(2000) }]));
    await expect(tree.extract('/srv', archive)).rejects.toMatchObject({ failure: 'archive' });
    expect(readdirSync(join(tree.root, 'srv'))).toEqual([]);
  });

  it('changes nothing if one name is a directory and something else in the archive', async () => {
    const tree = createTestTree();
    mkdirSync(join(tree.root, 'srv/z/folder'), { recursive: true });
    writeFileSync(join(tree.root, 'srv/z/file'), 'old');
    for (const name of ['z/folder', 'z/file/x']) {
      const archive = await packEntries([{ name: 'a', content: 'new' }, { name }]);
      await expect(tree.extract('/srv', archive)).rejects.toMatchObject({ failure: 'other-type' });
      expect(readdirSync(join(tree.root, 'srv'))).toEqual(['z']);
    }
  });

  it('unpacks into a mount below the directory, and not into one that waits for a start', async () => {
    const volume = createTestTree();
    const tree = createTestTree([{ target: '/srv/volume', source: volume.root }, { target: '/srv/memory' }]);
    await tree.extract('/srv', await packEntries([{ name: 'volume/srv/file', content: 'in the volume' }]));
    expect(readFileSync(join(volume.root, 'srv/file'), 'utf8')).toBe('in the volume');
    expect(readdirSync(join(tree.root, 'srv'))).toEqual([]);
    await expect(tree.extract('/srv', await packEntries([{ name: 'memory/x' }]))).rejects.toMatchObject({ failure: 'must-run' });
    expect(() => tree.archive('/')).toThrow(expect.objectContaining({ failure: 'must-run' }));
  });
});

/** Replaces the size in the first header, and its checksum. */
function withSize(archive: Buffer, size: string): Buffer {
  const changed = Buffer.from(archive);
  changed.write(size, 124);
  changed.fill(' ', 148, 156);
  const sum = changed.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  changed.write(`${sum.toString(8).padStart(6, '0')}\0`, 148);
  return changed;
}
