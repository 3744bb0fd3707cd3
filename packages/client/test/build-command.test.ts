import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../src/cli/main.ts';
import { type Client, createClient, UnreachableError } from '../src/index.ts';
import type { BuiltImage, Job } from '../src/types.ts';
import { useFakeApi } from './in-process.ts';
import { createTestFolder } from './test-folder.ts';
import { unusedAddress } from './unused-address.ts';

const root = createTestFolder();
const fakeApi = useFakeApi();
afterEach(() => vi.unstubAllEnvs());

/** Makes a context with a Containerfile and these files. */
function createContext(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(root, 'context-'));
  for (const [path, content] of Object.entries({ Containerfile: 'FROM scratch\n', ...files })) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

async function namesIn(archive = ''): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const entry of Readable.from([Buffer.from(archive)]).pipe(extract())) {
    names.push(entry.header.name);
    entry.resume();
  }
  return names;
}

const runningBuild: Job<BuiltImage> = {
  ...{ id: 'j', operation: 'image.build', container: null, node: 'a', status: 'running', url: '/api/v1/jobs/j', attempts: 1 },
  ...{ request_id: 'r', token: null, created_at: '2026-01-01T00:00:00.000Z', started_at: null, finished_at: null },
};
const built = { 'POST /images/build': { image: { id: '91ef0af61f39' } }, 'GET /jobs': { jobs: [] } };

describe('build', () => {
  it('sends the context without what the ignore file names, but always the Containerfile', async () => {
    const { run, requests } = await fakeApi(built);
    const context = createContext({ '.dockerignore': '*\n!src\n**/*.log', 'src/a.ts': '', 'src/b.log': '', other: '' });
    expect(await run('build', '-t', 'app:1', context)).toMatchObject({ code: 0, stdout: '91ef0af61f39\n', stderr: '' });
    const upload = requests.find(({ line }) => line.startsWith('POST'));
    expect(upload?.line).toBe('POST /images/build?tag=app%3A1');
    expect(upload?.headers['content-type']).toBe('application/x-tar');
    expect(await namesIn(upload?.body)).toEqual(['Containerfile', 'src/', 'src/a.ts']);
  });

  it('passes its flags on, and reads the value of a build argument from a variable', async () => {
    vi.stubEnv('SECRET', 'a=b c');
    const { run, requests } = await fakeApi(built);
    const context = createContext({ 'deploy/App': 'FROM scratch\n' });
    const flags = [
      '--file',
      'deploy/App',
      '--target',
      'final',
      '--platform',
      'linux/arm64',
      '--pull',
      '-m',
      '64m',
      '--cpus',
      '2',
      '--node',
      'n',
    ];
    const args = ['--build-arg', 'SECRET', '--build-arg', 'V=1'];
    expect(await run('image', 'build', '--tag', 'app', ...flags, ...args, context)).toMatchObject({ code: 0 });
    const query = new URLSearchParams(requests.find(({ line }) => line.startsWith('POST'))?.line.split('?')[1]);
    expect([...query]).toEqual([
      ['tag', 'app'],
      ['target', 'final'],
      ['platform', 'linux/arm64'],
      ['pull', 'true'],
      ['memory', '64m'],
      ['cpus', '2'],
      ['node', 'n'],
      ['file', 'deploy/App'],
      ['build_arg', 'SECRET=a=b c'],
      ['build_arg', 'V=1'],
    ]);
  });

  it('continues if what podman prints cannot be read', async () => {
    const client = createClient({ url: unusedAddress() }, {});
    const api: Client = {
      ...client,
      images: {
        ...client.images,
        async build(_content, { onJob }) {
          onJob?.(runningBuild);
          // Node.js reports an unhandled rejection before the next turn of the event loop.
          await new Promise(resolve => setImmediate(resolve));
          return { id: '91ef0af61f39', reference: 'app', size: 1, node: 'a' };
        },
      },
      jobs: {
        ...client.jobs,
        // biome-ignore lint/correctness/useYield: it fails before the first event.
        async *output() {
          throw new UnreachableError('The connection was closed.', false);
        },
      },
    };
    const onUnhandled = vi.fn();
    process.on('unhandledRejection', onUnhandled);
    try {
      const [stdout, stderr] = [new PassThrough(), new PassThrough()];
      const { signal } = new AbortController();
      const progress = { isVisible: false, show() {}, showLines() {}, clear() {}, stop() {} };
      const host = { streams: { stdout, stderr }, signal, progress, createClient: () => api };
      expect(await runCommandLine(['build', '-t', 'app', createContext()], host)).toBe(0);
      expect(stdout.read()?.toString()).toBe('91ef0af61f39\n');
    } finally {
      process.off('unhandledRejection', onUnhandled);
    }
    expect(onUnhandled).not.toHaveBeenCalled();
  });

  it.each([
    [[], /--tag NAME is missing/],
    [['--tag', 'a', 'b', 'c'], /context must be the only argument/],
    [['--tag', 'a', '/nowhere/at/all'], /\/nowhere\/at\/all cannot be read: there is no such file/],
    [['--tag', 'a', '/etc/passwd'], /\/etc\/passwd is not a directory/],
    [['--tag', 'a', '--file', '/etc/passwd', '/tmp'], /--file \/etc\/passwd is not in the context \/tmp/],
    [['--tag', 'a', '--file', 'nowhere', '/tmp'], /there is no such file/],
    [['--tag', 'a', '--build-arg', 'NOT_SET_HERE'], /--build-arg NOT_SET_HERE: this process has no such variable/],
  ])('refuses %j before it sends anything', async (args, message) => {
    const { run, requests } = await fakeApi({});
    expect(await run('build', ...args)).toMatchObject({ code: 240, stdout: '', stderr: expect.stringMatching(message) });
    expect(requests).toEqual([]);
  });
});
