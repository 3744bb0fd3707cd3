import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readImageNames } from '../src/image/load/image-names.ts';
import { loadedReferences, loadImages } from '../src/image/load/run.ts';
import { policyOf } from '../src/index.ts';
import { context, createChannel, recordingPodman } from './recording-podman.ts';

/** Creates an archive of files with JSON; a value that is a string is a symbolic link to that file. */
async function packLists(lists: Readonly<Record<string, unknown>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(lists)) {
    if (typeof content === 'string') archive.entry({ name, type: 'symlink', linkname: content });
    else archive.entry({ name }, JSON.stringify(content));
  }
  archive.finalize();
  return buffer(archive);
}

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-load-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const dockerList = (...tags: readonly string[]) => [{ Config: 'x.json', RepoTags: tags, Layers: [] }];

describe('readImageNames', () => {
  const namesIn = async (lists: Readonly<Record<string, unknown>>) => {
    const path = join(createFolder(), 'archive.tar');
    writeFileSync(path, await packLists(lists));
    return readImageNames(path, new AbortController().signal);
  };

  it.each(['repotags', 'RepoTag\u017f'])('refuses another spelling of a field that podman reads too: %s', async field => {
    await expect(namesIn({ 'manifest.json': [{ Config: 'x.json', [field]: ['a:1'] }] })).rejects.toMatchObject({ status: 400 });
  });

  it('returns the names of all lists, however their files are written', async () => {
    expect(await namesIn({ 'manifest.json': dockerList('a:1', 'b:2'), './repositories': { c: { '3': 'id' } } })).toEqual([
      'a:1',
      'b:2',
      'c:3',
    ]);
    const index = { manifests: [{ annotations: { 'org.opencontainers.image.ref.name': 'd:4' } }, {}] };
    expect(await namesIn({ 'manifest.json': dockerList('a:1'), 'x/../index.json': index })).toEqual(['a:1', 'd:4', '']);
  });

  it.each(['repositories', 'manifest.json', 'other'])('refuses an archive with a directory %s that claims to have content', async name => {
    const archive = pack();
    archive.entry({ name }, 'x'.repeat(600));
    archive.finalize();
    const bytes = await buffer(archive);
    const [typeAt, checksumAt] = [156, 148];
    bytes.write('5', typeAt);
    bytes.write(' '.repeat(8), checksumAt);
    const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, checksumAt);
    const path = join(createFolder(), 'archive.tar');
    writeFileSync(path, bytes);
    await expect(readImageNames(path, new AbortController().signal)).rejects.toMatchObject({ status: 400 });
  });

  it('ends with the reason of its signal once that is aborted', async () => {
    const path = join(createFolder(), 'archive.tar');
    writeFileSync(path, await packLists({ 'manifest.json': dockerList('a:1'), 'layer.tar': 'x'.repeat(1024 ** 2) }));
    const cancelled = new AbortController();
    const reading = readImageNames(path, cancelled.signal);
    const reason = new Error('cancelled');
    cancelled.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });

  it.each([
    ['has no list', { 'other.json': [] }],
    ['has a name that is too long', { 'manifest.json': dockerList(`${'/'.repeat(500_000)}:1`) }],
    ['has too many names', { 'manifest.json': dockerList(...Array.from({ length: 1001 }, (_, index) => `a:${index}`)) }],
    ['has a list that is a link', { 'hidden.json': dockerList('a:1'), 'manifest.json': 'hidden.json' }],
  ])('refuses an archive that %s', async (_what, lists) => {
    await expect(namesIn(lists)).rejects.toMatchObject({ status: 400, fields: { details: [{ path: 'body' }] } });
  });
});

describe('image.load', () => {
  const loadWith = async (allowed: readonly string[] | undefined, tag: string, printed = `Loaded image: ${tag}\n`) => {
    const archive = await packLists({ 'manifest.json': dockerList(tag) });
    const policy = policyOf({
      ALLOWED_IMAGES: allowed,
      ALLOWED_MOUNTS: [],
      ALLOWED_CAPABILITIES: undefined,
      ALLOWED_NETWORKS: undefined,
      ALLOWED_USERS: undefined,
      ALLOWED_RUNTIMES: undefined,
    });
    const run = ([verb]: readonly string[]) =>
      verb === 'load' ? printed : JSON.stringify([{ Id: 'a'.repeat(64), Digest: 'sha256:b', Size: 1 }]);
    const podman = recordingPodman({ run });
    const result = loadImages(podman, {}, { ...context, policy, channel: async () => createChannel(archive) });
    return { result, verbs: () => podman.calls.map(({ args }) => args[0]) };
  };

  it('loads an archive without ALLOWED_IMAGES, whatever its names are', async () => {
    const { result, verbs } = await loadWith(undefined, 'docker.io/library/alpine:3.20');
    expect(await result).toMatchObject([{ id: 'aaaaaaaaaaaa', reference: 'docker.io/library/alpine:3.20', size: 1 }]);
    expect(verbs()).toEqual(['load', 'image']);
  });

  it.each([
    ['a name of a registry', 'docker.io/library/alpine:3.20'],
    ['a name that a pattern allows', 'localhost/app:1'],
  ])('refuses %s with ALLOWED_IMAGES before podman is run', async (_what, tag) => {
    const { result, verbs } = await loadWith(['docker.io/library/*', 'localhost/app:*'], tag);
    await expect(result).rejects.toMatchObject({ status: 403, fields: { details: [{ path: 'body' }] } });
    expect(verbs()).toEqual([]);
  });

  it('removes an image that podman has loaded under a name that the archive hides', async () => {
    const { result, verbs } = await loadWith(['localhost/app:*'], 'other:1', 'Loaded image: localhost/app:1\n');
    await expect(result).rejects.toMatchObject({ status: 403 });
    expect(verbs()).toEqual(['load', 'rmi']);
  });

  it('reads each name that podman prints', () => {
    expect(loadedReferences('Loaded image: a:1\nLoaded image: sha256:0123\n')).toEqual(['a:1', 'sha256:0123']);
    expect(loadedReferences('Loaded image(s): a:1,b:2\n')).toEqual(['a:1', 'b:2']);
  });
});
