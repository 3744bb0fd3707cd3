import { images, sharedContainer, sharedService, testPodman } from '@podman-api/testing';
import { startContainerInNetwork } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it } from 'vitest';
import { testContent, testContentOfSize } from './files/content.ts';
import { testExisting } from './files/existing.ts';
import { testReplace } from './files/replace.ts';
import { testStoppedContainer } from './files/stopped.ts';
import { addFile } from './files/target.ts';
import { uniquePath } from './gate.ts';

const { call } = sharedService();
const targetOf = (container: string) => ({ call, container });

// Other images, larger files and more containers that do not run are tested in `npm run test:all`.
describe('POST /containers/:name/files in the image busybox', () => {
  const target = () => targetOf(sharedContainer('busybox'));
  testContent(target);
  testContentOfSize(target, 1);
});

describe('POST /containers/:name/files where there is something already', () => {
  let container: string;
  beforeAll(async () => {
    container = await startContainerInNetwork(images.busybox);
  });
  testExisting(() => targetOf(container));
});

describe('POST /containers/:name/files', () => {
  testReplace(() => targetOf(sharedContainer('busybox')), 1);
  testStoppedContainer(() => call, 'busybox');

  it('puts a file into a container without a shell', async () => {
    const container = sharedContainer('bare');
    const path = `${uniquePath()}/conf`;
    expect(await addFile(targetOf(container), { dest_path: path, content: 'key=value\n' })).toMatchObject({
      status: 201,
      body: { file: { size: 10 } },
    });
    expect(await testPodman().run(['cp', '--', `${container}:${path}`, '-'])).toContain('key=value\n');
  });

  it('refuses devices and mounted files in a container without a shell', async () => {
    const container = sharedContainer('bare');
    const add = (path: string) => addFile(targetOf(container), { dest_path: path, content: 'x' });
    expect(await add('/dev/null')).toMatchObject({ status: 400, body: { error: { details: [{ path: 'dest_path' }] } } });
    expect(await add('/etc/hosts')).toMatchObject({ status: 409, body: { error: { details: [{ path: 'dest_path' }] } } });
    expect(await testPodman().run(['exec', '--', container, '/bin/sleep', '0'])).toBe('');
  });

  it.each([
    ['dest_path', { dest_path: 'relative', content: '' }],
    ['dest_path', { dest_path: '/a/b/../../etc/x', content: '' }],
    ['dest_path', { dest_path: '/a/', content: '' }],
    ['dest_path', { dest_path: '/a\0b', content: '' }],
    ['dest_path', { content: '' }],
    ['content', { dest_path: '/a' }],
    ['content', { dest_path: '/a', content: 'no base64!', encoding: 'base64' }],
    ['encoding', { dest_path: '/a', content: '', encoding: 'latin1' }],
    ['mode', { dest_path: '/a', content: '', mode: '999' }],
    ['owner', { dest_path: '/a', content: '', owner: '--reference=/etc/shadow' }],
  ])('returns 400 that names %s for %j', async (field, body) => {
    expect(await addFile(targetOf('any'), body)).toMatchObject({
      status: 400,
      body: { error: { type: 'ValidationError', details: [{ path: field }] } },
    });
  });

  it('returns 413 for a body above MAX_BODY', async () => {
    expect(await addFile(targetOf('any'), { dest_path: '/a', content: 'x'.repeat(11 * 1024 ** 2) })).toMatchObject({
      status: 413,
      body: { error: { type: 'PayloadTooLargeError' } },
    });
  });
});
