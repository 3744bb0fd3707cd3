import { createHash, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { uniquePath } from '../gate.ts';
import { addFile, type FileTarget, runInside } from './target.ts';

/** Registers the tests of the contents and paths of files, for an image with a shell. */
export function testContent(getTarget: () => FileTarget): void {
  const add = (body: object) => addFile(getTarget(), body);
  const run = (command: string | readonly string[]) => runInside(getTarget(), command);

  it.each(['a b/c', '-dash', 'new\nline', '%00', 'ünï/漢', './dot', '/double', 'quo\'te"s'])('takes the path %j literally', async end => {
    const path = `${uniquePath()}/${end}`;
    expect((await add({ dest_path: path, content: 'here' })).status).toBe(201);
    expect(await run(['cat', path])).toBe('here');
  });

  it('puts a file into the root directory', async () => {
    const path = uniquePath().replace('/tmp/', '/');
    expect((await add({ dest_path: path, content: 'here' })).status).toBe(201);
    expect(await run(['cat', path])).toBe('here');
  });

  it('sets mode and owner; default: 0644 and root', async () => {
    const folder = uniquePath();
    await add({ dest_path: `${folder}/given`, content: '', mode: '4750', owner: '7:8' });
    await add({ dest_path: `${folder}/plain`, content: '' });
    expect(await run(`cd ${folder} && stat -c "%a %u:%g %s" given plain`)).toBe('4750 7:8 0\n644 0:0 0\n');
  });

  it('returns 400 for an owner that the container does not have', async () => {
    expect(await add({ dest_path: uniquePath(), content: '', owner: 'nobody-here' })).toMatchObject({
      status: 400,
      body: { error: { details: [{ path: 'owner' }] } },
    });
  });

  it('returns 400 for a directory and leaves it there', async () => {
    expect(await add({ dest_path: '/tmp', content: 'x' })).toMatchObject({
      status: 400,
      body: { error: { details: [{ path: 'dest_path' }] } },
    });
    expect(await run('test -d /tmp && echo still')).toBe('still\n');
  });
}

/** Registers the test that contents of a size arrive unchanged. */
export function testContentOfSize(getTarget: () => FileTarget, mebibytes: number): void {
  it(`stores ${mebibytes} MiB of text, and of base64, unchanged`, async () => {
    const folder = uniquePath();
    const size = mebibytes * 1024 ** 2;
    const line = 'zeile mit ümlaut\n';
    const text = line.repeat(Math.floor(size / Buffer.byteLength(line)));
    const textResponse = await addFile(getTarget(), { dest_path: `${folder}/text`, content: text });
    expect(textResponse.field('file.size')).toBe(Buffer.byteLength(text));
    const bytes = randomBytes((size / 4) * 3);
    const bytesBody = { dest_path: `${folder}/bytes`, content: bytes.toString('base64'), encoding: 'base64' };
    expect((await addFile(getTarget(), bytesBody)).field('file.size')).toBe(bytes.length);
    const sums = [text, bytes].map(content => createHash('sha256').update(content).digest('hex'));
    expect(await runInside(getTarget(), `cd ${folder} && sha256sum text bytes | cut -c1-64`)).toBe(`${sums.join('\n')}\n`);
  });
}
