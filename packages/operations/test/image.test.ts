import { PodmanFault } from '@podman-api/podman';
import { describe, expect, it } from 'vitest';
import { exportImage } from '../src/image/export/index.ts';
import { list } from '../src/image/list/index.ts';
import { parseProgress, progressSink } from '../src/image/progress.ts';
import { prune } from '../src/image/prune/index.ts';
import { pull } from '../src/image/pull/index.ts';
import { createKeyedMutex } from '../src/image/pull/keyed-mutex.ts';
import { push } from '../src/image/push/index.ts';
import { remove } from '../src/image/remove/index.ts';
import { tag } from '../src/image/tag/index.ts';
import { enforcePolicy, validateInput } from '../src/index.ts';
import { imagePatternsOf } from '../src/policy/patterns.ts';
import { type Answers, callsOf, context, recordingPodman } from './recording-podman.ts';

const id = 'a'.repeat(64);
const entry = JSON.stringify([{ Id: id, Digest: 'sha256:b', Size: 3, RepoTags: ['localhost/a:1', 'localhost/a:2'], Config: {} }]);

describe.each([pull, push, exportImage])('$name', operation => {
  it('marks the podman that has a directory for temporary files, which is removed after a death of its worker', async () => {
    const calls = await callsOf<{ reference: string }>(operation, { reference: 'registry.example/a:1' }, { run: entry });
    const env = { PODMAN_API_PODMAN_OF: context.job };
    expect(calls).toContainEqual(expect.objectContaining({ options: expect.objectContaining({ tempFolderFor: context.job, env }) }));

    const removed: string[] = [];
    const podman = { ...recordingPodman(), removeTempFolder: async (job: string) => void removed.push(job) };
    await operation.recover?.(podman, { reference: 'registry.example/a:1' }, context);
    expect(removed).toEqual([context.job]);
  });
});

describe('image.pull', () => {
  it('gives podman a login in a file, and a directory for its temporary files', async () => {
    const credentials = { username: 'ci', password: 'p:w' };
    const [call] = await callsOf(pull, { reference: 'registry.example.com:5000/a/app:1', credentials }, { run: entry });
    expect(call?.args).toEqual(['pull', '--authfile=/proc/self/fd/3', '--', 'registry.example.com:5000/a/app:1']);
    expect(JSON.parse(call?.options.file ?? '')).toEqual({
      auths: { 'registry.example.com:5000': { auth: Buffer.from('ci:p:w').toString('base64') } },
    });
    expect(call?.options).toMatchObject({ tempFolderFor: context.job });
  });

  it('queries no registry for an existing image with the pull policy missing', async () => {
    const calls = await callsOf(pull, { reference: 'alpine', pull_policy: 'missing' }, { run: entry });
    expect(calls.map(({ args }) => args)).toEqual([['image', 'inspect', '--', 'alpine']]);
  });

  it.each([
    [{ reference: `sha256:${id}` }, 'reference'],
    [{ reference: 'alpine', credentials: { username: 'a:b', password: '' } }, 'credentials.username'],
    [{ reference: 'alpine', node: 'a', all_nodes: true }, ''],
  ])('refuses %j', (input, path) => {
    expect(() => validateInput(pull, input)).toThrow(
      expect.objectContaining({ status: 400, fields: { details: expect.arrayContaining([expect.objectContaining({ path })]) } }),
    );
  });
});

describe('parseProgress', () => {
  it.each([
    ['Copying blob sha256:526b36d2392765a4631d857dcac36f22564c6fe167b929d79bee2cedaf90e926', { layer: '526b36d23927', status: 'copying' }],
    ['Copying blob 526b36d23927 done   | ', { layer: '526b36d23927', status: 'done' }],
    ['Copying blob 526b36d23927 skipped: already exists', { layer: '526b36d23927', status: 'exists' }],
    [
      'Copying blob 526b36d23927 [====>---] 1.5MiB / 30.0MiB | 10.0 MiB/s',
      { layer: '526b36d23927', status: 'copying', bytes: 1_572_864, total_bytes: 31_457_280 },
    ],
    ['Copying config sha256:526b36d23927', undefined],
    ['Storing signatures', undefined],
  ])('reads %j', (text, expected) => {
    expect(parseProgress(text)).toEqual(expected);
  });
});

describe('progressSink', () => {
  it('writes lines as podman has them without its errors and warnings, and layers as JSON', async () => {
    const written: string[] = [];
    const sink = progressSink((stream, bytes) => {
      written.push(`${stream} ${Buffer.from(bytes)}`);
      return undefined;
    });
    await sink(Buffer.from('Trying to pull a...\nCopying blob sha256:526b36d2'));
    await sink(Buffer.from('3927aa\ntime="now" level=warning msg="connection refused"\nError: connection refused\n'));
    expect(written).toEqual([
      'stderr Trying to pull a...\n',
      'stderr Copying blob sha256:526b36d23927aa\n',
      'stdout {"layer":"526b36d23927","status":"copying"}\n',
    ]);
  });
});

describe('createKeyedMutex', () => {
  it('runs functions with the same key one after another, and others at once', async () => {
    const mutex = createKeyedMutex();
    const { signal } = new AbortController();
    const events: string[] = [];
    const first = Promise.withResolvers<void>();
    const runs = [
      mutex.runExclusive(
        'a',
        signal,
        async () => void events.push('wait a1'),
        async () => first.promise,
      ),
      mutex.runExclusive(
        'a',
        signal,
        async () => void events.push('wait a2'),
        async () => events.push('a2'),
      ),
      mutex.runExclusive(
        'b',
        signal,
        async () => void events.push('wait b'),
        async () => events.push('b'),
      ),
    ];
    await runs[2];
    expect(events).toEqual(['wait a2', 'b']);
    first.resolve();
    await Promise.all(runs);
    expect(events).toEqual(['wait a2', 'b', 'a2']);
  });

  it('does not run a function whose signal is aborted while it waits, and runs the next one afterwards', async () => {
    const mutex = createKeyedMutex();
    const controller = new AbortController();
    const first = Promise.withResolvers<void>();
    const one = mutex.runExclusive(
      'a',
      new AbortController().signal,
      async () => {},
      async () => first.promise,
    );
    const cancelled = mutex.runExclusive(
      'a',
      controller.signal,
      async () => controller.abort(new Error('cancelled')),
      async () => 'ran',
    );
    const next = mutex.runExclusive(
      'a',
      new AbortController().signal,
      async () => {},
      async () => 'next',
    );
    await expect(cancelled).rejects.toThrow('cancelled');
    first.reject(new Error('failed'));
    await expect(one).rejects.toThrow('failed');
    expect(await next).toBe('next');
  });
});

describe('image.list', () => {
  const names = (...all: readonly string[]) => all;
  const images = [
    { Id: id, Names: names('docker.io/library/alpine:3.20'), Size: 1, Created: 0, Labels: { team: 'ci' }, Containers: 2 },
    { Id: id, Names: names('docker.io/library/alpine:3.20'), Size: 1, Created: 0, Labels: { team: 'ci' }, Containers: 2 },
    { Id: 'b'.repeat(64), Size: 2, Created: 0, Containers: 0 },
  ];
  it.each([
    [{}, ['a', 'b']],
    [{ reference: 'alpine' }, ['a']],
    [{ reference: 'docker.io/*' }, ['a']],
    [{ reference: 'alp' }, []],
    [{ reference: 'library/alpine:3*' }, ['a']],
    [{ dangling: true }, ['b']],
    [{ dangling: false }, ['a']],
    [{ label: ['team=ci'] }, ['a']],
    [{ label: ['team=x'] }, []],
  ])('filters by %j', async (input, expected) => {
    const found = await list.run(recordingPodman({ run: JSON.stringify(images) }), input, context);
    expect(found.map(({ id: one }) => one[0])).toEqual(expected);
  });

  it('returns whether a container uses an image, by one run of podman', async () => {
    const podman = recordingPodman({ run: JSON.stringify(images) });
    expect(await list.run(podman, {}, context)).toMatchObject([{ in_use: true }, { in_use: false }]);
    expect(podman.calls).toHaveLength(1);
  });
});

describe('image.remove', () => {
  it('removes only the given name', async () => {
    const calls = await callsOf(remove, { reference: 'localhost/a:1' }, { run: entry });
    expect(calls.map(({ args }) => args).at(-1)).toEqual(['rmi', '--', 'localhost/a:1']);
  });

  const withContainer = (State: string, run: Answers['run'] = entry) =>
    recordingPodman({ run, shared: `${JSON.stringify({ Id: 'c'.repeat(64), Names: ['web'], ImageID: id, State, Ports: null })}\n` });
  it('removes all names and the stopped containers with force', async () => {
    const podman = withContainer('exited');
    await remove.run(podman, { reference: 'localhost/a:1', force: true }, context);
    expect(podman.calls.map(({ args }) => args).slice(2)).toEqual([
      ['rm', '--volumes', '--', 'c'.repeat(64)],
      ['rmi', '--', 'localhost/a:1', 'localhost/a:2'],
    ]);
  });

  it('returns 409 while a running container uses the image, even with force', async () => {
    const podman = withContainer('running');
    await expect(remove.run(podman, { reference: 'localhost/a:1', force: true }, context)).rejects.toMatchObject({ status: 409 });
    expect(podman.calls).toHaveLength(2);
  });

  it.each([
    ['removes the image if a listed container was removed meanwhile', 'no-container', undefined],
    ['returns 409 if a listed container was started meanwhile', 'running', 'The container web uses the image and is not stopped'],
  ] as const)('%s', async (_title, reason, message) => {
    const podman = withContainer('exited', ([verb]) => {
      if (verb === 'rm') throw new PodmanFault(reason, 'ConflictError', 'podman rm failed', '');
      return entry;
    });
    const removed = remove.run(podman, { reference: 'localhost/a:1', force: true }, context).then(
      () => undefined,
      (error: Error) => error.message,
    );
    expect(await removed).toEqual(message && expect.stringContaining(message));
    expect(podman.calls.some(({ args }) => args[0] === 'rmi')).toBe(message === undefined);
  });

  it('returns 404 for less than 12 digits of an id', async () => {
    const removed = remove.run(recordingPodman({ run: entry }), { reference: 'aaa' }, context);
    await expect(removed).rejects.toMatchObject({ status: 404 });
  });
});

describe('image.tag', () => {
  it('needs both names in ALLOWED_IMAGES', () => {
    const policy = { ...context.policy, images: imagePatternsOf(['localhost/a:*']) };
    const input = (source: string, reference: string) => validateInput(tag, { source, reference });
    expect(() => enforcePolicy(tag, input('localhost/a:1', 'localhost/a:3'), policy)).not.toThrow();
    expect(() => enforcePolicy(tag, input('localhost/b:1', 'localhost/a:3'), policy)).toThrow('source: localhost/b:1');
    expect(() => enforcePolicy(tag, input('localhost/a:1', 'localhost/b:3'), policy)).toThrow('reference: localhost/b:3');
  });
});

describe('image.prune', () => {
  it('passes the filters to podman and returns what was removed', async () => {
    const podman = recordingPodman({ run: '[]' });
    await prune.run(podman, validateInput(prune, { all: true, until: '24h', label: 'team=ci' }), context);
    expect(podman.calls.map(({ args }) => args)).toEqual([
      ['images', '--format=json'],
      ['image', 'prune', '--force', '--all', '--filter=until=24h', '--filter=label=team=ci'],
    ]);
  });
});
