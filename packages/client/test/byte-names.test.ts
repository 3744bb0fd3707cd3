import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packDirectory } from '../src/tar/pack-directory.ts';
import { unpackDirectory } from '../src/tar/unpack-directory.ts';
import { createTestFolder } from './test-folder.ts';

const root = createTestFolder();
/** Returns a path for the functions of Node.js. @param name one character a byte */
const pathIn = (folder: string, name: string) => Buffer.from(`${folder}/${name}`, 'latin1');

describe('packDirectory and unpackDirectory', () => {
  it('carry names that are not UTF-8', async () => {
    const [source, target] = [mkdtempSync(join(root, 'source-')), mkdtempSync(join(root, 'target-'))];
    const names = ['caf\xe8.txt', 'caf\xe9.txt', `${'\xe9'.repeat(150)}.txt`];
    mkdirSync(pathIn(source, 'd\xe9'));
    for (const name of names) writeFileSync(pathIn(source, `d\xe9/${name}`), name);
    symlinkSync(Buffer.from('caf\xe9.txt', 'latin1'), pathIn(source, 'd\xe9/link'));

    const tested: string[] = [];
    const isExcluded = (path: string) => {
      tested.push(path);
      return false;
    };
    await unpackDirectory(target, packDirectory(source, { name: 'café', isExcluded }));
    const copy = join(target, 'café');
    const inCopy = (name: string) => Buffer.concat([Buffer.from(`${copy}/`), Buffer.from(name, 'latin1')]);
    expect(readdirSync(inCopy('d\xe9'), 'latin1').sort()).toEqual([...names, 'link'].sort());
    for (const name of names) expect(readFileSync(inCopy(`d\xe9/${name}`), 'utf8')).toBe(name);
    expect(readlinkSync(inCopy('d\xe9/link'), 'latin1')).toBe('caf\xe9.txt');
    expect(tested).toContain('d\ufffd/caf\ufffd.txt');
  });
});
