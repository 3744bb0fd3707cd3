import { expect, it } from 'vitest';
import { uniquePath } from '../gate.ts';
import { addFile, type FileTarget, runInside } from './target.ts';

/** Registers the tests of paths where there is something already, for an image with a shell. */
export function testExisting(getTarget: () => FileTarget): void {
  const add = (body: object) => addFile(getTarget(), body);
  const run = (command: string) => runInside(getTarget(), command);
  const refusal = { status: 400, body: { error: { type: 'ValidationError', details: [{ path: 'dest_path' }] } } };

  it('keeps mode and owner of a file that it replaces, unless they are given', async () => {
    const path = uniquePath();
    const state = () => run(`cat ${path}; stat -c "|%a %u:%g" ${path}`);
    await run(`echo old >${path}; chown 7:8 ${path}; chmod 4750 ${path}`);
    expect((await add({ dest_path: path, content: 'one' })).status).toBe(201);
    expect(await state()).toBe('one|4750 7:8\n');
    expect((await add({ dest_path: path, content: 'two', mode: '0600' })).status).toBe(201);
    expect(await state()).toBe('two|600 7:8\n');
    expect((await add({ dest_path: path, content: 'three', owner: '5:6' })).status).toBe(201);
    expect(await state()).toBe('three|600 5:6\n');
  });

  it('writes files in place that are mounted by themselves', async () => {
    for (const path of ['/etc/hosts', '/etc/resolv.conf', '/etc/hostname']) {
      const content = await run(`cat ${path}`);
      const state = await run(`stat -c "%a %u:%g" ${path}`);
      expect(await add({ dest_path: path, content: 'changed by a test\n' })).toMatchObject({ status: 201, body: { file: { size: 18 } } });
      expect(await run(`cat ${path}; grep -c " ${path} " /proc/self/mountinfo; ls -A /etc | grep podman-api`)).toBe(
        'changed by a test\n1\n',
      );
      expect((await add({ dest_path: path, content })).status).toBe(201);
      expect(await run(`cat ${path}`)).toBe(content);
      expect(await run(`stat -c "%a %u:%g" ${path}`)).toBe(state);
    }
  });

  it.each(['/dev/null', '/dev/pts/ptmx', '/proc/version', '/proc/new', '/sys/kernel/new', '/proc', '/./sys//x', '/x/.'])(
    'returns 400 for %s, where no file can be put',
    async path => {
      expect(await add({ dest_path: path, content: 'x' })).toMatchObject(refusal);
    },
  );

  it('returns 400 for a pipe, a socket and a device, and leaves them there', async () => {
    const path = uniquePath();
    await run(`mkfifo ${path}; ln -s /dev/zero ${path}-link; ln -s /proc/self ${path}-kernel`);
    for (const end of ['', '-link', '-kernel/new']) expect(await add({ dest_path: path + end, content: 'x' })).toMatchObject(refusal);
    expect(await run(`[ -p ${path} ] && [ -c /dev/null ] && [ -c /dev/zero ] && echo still`)).toBe('still\n');
  });

  it('follows symbolic links, relative, absolute, in directories and to a file that does not exist yet', async () => {
    const folder = uniquePath();
    await run(
      `mkdir -p ${folder}/a/b; cd ${folder}; chmod 755 . a a/b; ln -s a/b short; ln -s ${folder}/short/../c long; ln -s ../a/b/file a/link`,
    );
    await run(`cd ${folder}; echo old >a/b/file; chown 7 a/b/file; ln -s missing/x dangling; ln -s loop loop`);
    expect((await add({ dest_path: `${folder}/a/link`, content: 'one' })).status).toBe(201);
    expect((await add({ dest_path: `${folder}/short/two`, content: 'two' })).status).toBe(201);
    expect((await add({ dest_path: `${folder}/long`, content: 'three' })).status).toBe(201);
    expect(await run(`cd ${folder}/a; [ -L link ] && cat b/file b/two c; stat -c "|%u" b/file`)).toBe('onetwothree|7\n');
    for (const path of ['dangling', 'loop', 'dangling/y', 'a/b/file/z']) {
      expect(await add({ dest_path: `${folder}/${path}`, content: 'x' })).toMatchObject(refusal);
    }
    expect(await run(`find ${folder} | grep podman-api`)).toBe('');
  });

  it('follows a link of a user only into a directory of the same user', async () => {
    const folder = uniquePath();
    await run(`mkdir -p ${folder}/own ${folder}/roots; cd ${folder}; echo old >roots/file; chown 1000 . own`);
    await run(`cd ${folder}; ln -s own good; ln -s roots bad; ln -s own/file goodfile; ln -s roots/file badfile; ln -s ../.. own/up`);
    for (const path of ['good/x', 'goodfile', 'plain'])
      expect((await add({ dest_path: `${folder}/${path}`, content: 'x' })).status).toBe(201);
    for (const path of ['bad/x', 'badfile', 'good/up/etc/x']) {
      expect(await add({ dest_path: `${folder}/${path}`, content: 'x' })).toMatchObject(refusal);
    }
    expect(await run(`cd ${folder}; ls -A . own roots; cat roots/file`)).toBe(
      '.:\nbad\nbadfile\ngood\ngoodfile\nown\nplain\nroots\n\nown:\nfile\nup\nx\n\nroots:\nfile\nold\n',
    );
  });
}
