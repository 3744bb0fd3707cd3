import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { HelperRequest } from '../../src/files/protocol.ts';
import { createTestPodman, createTree, cut, signal } from './helper-requests.ts';

/** Returns the bytes of a text in UTF-8, one character each. */
const toBytes = (text: string) => Buffer.from(text).toString('latin1');
/** Returns a path for the functions of Node.js. @param name one character a byte */
const pathIn = (folder: string, name: string) => Buffer.from(`${toBytes(folder)}/${name}`, 'latin1');

/** A folder and the files in it: two whose names are not UTF-8, one in UTF-8, and one that is too long for a header of tar. */
const folder = 'd\xe9';
const names = ['caf\xe9.txt', 'caf\xe8.txt', toBytes('café.txt'), `${'\xe9'.repeat(150)}.txt`];

function createFiles(root: string): void {
  mkdirSync(pathIn(root, folder));
  for (const name of names) writeFileSync(pathIn(root, `${folder}/${name}`), `content of ${name}`);
  symlinkSync(Buffer.from('caf\xe9.txt', 'latin1'), pathIn(root, `${folder}/link`));
}

function expectFiles(root: string): void {
  expect(readdirSync(pathIn(root, folder), 'latin1').sort()).toEqual([...names, 'link'].sort());
  for (const name of names) expect(readFileSync(pathIn(root, `${folder}/${name}`), 'utf8')).toBe(`content of ${name}`);
  expect(readlinkSync(pathIn(root, `${folder}/link`), 'latin1')).toBe('caf\xe9.txt');
}

/** Creates a container's files, and a function for requests. */
function createFixture() {
  const { root, source } = createTree();
  const podman = createTestPodman();
  const request = async (input: HelperRequest, content?: AsyncIterable<Uint8Array>) => {
    const pieces: Buffer[] = [];
    const answer = await podman.files(source, input, {
      signal,
      ...(content && { content }),
      onBytes: async bytes => void pieces.push(Buffer.from(bytes)),
    });
    return { answer, bytes: Buffer.concat(pieces) };
  };
  return { root, srv: `${root}/srv`, request };
}

describe('Podman.files, with names that are not UTF-8', () => {
  it('sends them in an archive as they are', async () => {
    const [{ srv, request }, target] = [createFixture(), createTree()];
    createFiles(srv);
    const { bytes } = await request({ verb: 'archive', path: '/srv/.', isCompressed: false });
    execFileSync('tar', ['-x', '-C', target.root], { input: bytes });
    expectFiles(target.root);
  });

  it.each(['gnu', 'pax'])('unpacks them from an archive in the format %s', async format => {
    const [{ srv, request }, other] = [createFixture(), createTree()];
    createFiles(other.root);
    const archive = execFileSync('tar', ['-c', '-C', other.root, `--format=${format}`, '--exclude=./srv', '.'], {
      env: { ...process.env, LC_ALL: 'C' },
    });
    const { answer } = await request({ verb: 'extract', path: '/srv', draft: '.draft' }, cut(archive));
    expect(answer).toMatchObject({ extracted: { entries: names.length + 3 } });
    expectFiles(srv);
  });

  it('lists them with U+FFFD for each byte that is not UTF-8, and finds others by their names', async () => {
    const { srv, request } = createFixture();
    createFiles(srv);
    const { answer } = await request({ verb: 'list', path: '/srv', depth: 2, limit: 100 });
    const listed = 'files' in answer ? answer.files : [];
    const shown = ['caf\ufffd.txt', 'caf\ufffd.txt', 'café.txt', `${'\ufffd'.repeat(150)}.txt`, 'link'];
    expect(listed.map(({ path }) => path).sort()).toEqual(['/srv/d\ufffd', ...shown.map(name => `/srv/d\ufffd/${name}`)].sort());
    expect(listed).toContainEqual(expect.objectContaining({ name: 'link', symlink_target: 'caf\ufffd.txt' }));
    await request({ verb: 'make-directory', path: '/srv/é', mode: '', owner: '' });
    expect(await request({ verb: 'stat', path: '/srv/é' })).toMatchObject({ answer: { file: { path: '/srv/é', name: 'é' } } });
    expect(readdirSync(srv)).toContain('é');
  });

  it('removes a directory with them', async () => {
    const { root, srv, request } = createFixture();
    createFiles(srv);
    expect(await request({ verb: 'remove', path: '/srv', isRecursive: true })).toMatchObject({ answer: { file: { path: '/srv' } } });
    expect(readdirSync(root)).toEqual([]);
  });
});
