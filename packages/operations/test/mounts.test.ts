import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mount, Podman } from '@podman-api/podman';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { create } from '../src/container/create/index.ts';
import { resolveAllowedFolders } from '../src/container/mounts/allowed-folders.ts';
import { findLocations, liesIn } from '../src/container/mounts/locations.ts';
import { start } from '../src/container/start/index.ts';
import { context, recordingPodman } from './recording-podman.ts';

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'podman-api-mounts-')));
  mkdirSync(join(folder, 'allowed/sub'), { recursive: true });
  symlinkSync(join(folder, 'allowed'), join(folder, 'link'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const host: readonly Mount[] = [
  { device: '1:0', root: '/', target: '/' },
  { device: '2:0', root: '/@data', target: '/srv' },
  { device: '3:0', root: '/', target: '/srv/a/disk' },
];

describe('mounts below allowed directories', () => {
  it('are located on the mount that holds the directory and on mounts inside it', () => {
    const locations = findLocations('/srv/a', host);
    expect(liesIn({ device: '2:0', root: '/@data/a' }, locations)).toBe(true);
    expect(liesIn({ device: '2:0', root: '/@data/a/b' }, locations)).toBe(true);
    expect(liesIn({ device: '3:0', root: '/x' }, locations)).toBe(true);
    expect(liesIn({ device: '2:0', root: '/@data/ab' }, locations)).toBe(false);
    expect(liesIn({ device: '2:0', root: '/@data' }, locations)).toBe(false);
    expect(liesIn({ device: '1:0', root: '/@data/a' }, locations)).toBe(false);
    expect(findLocations('/', host.slice(0, 1))).toEqual([{ device: '1:0', root: '/' }]);
  });

  it('do not count an allowed directory inside another', async () => {
    const [allowed, sub, link] = ['allowed', 'allowed/sub', 'link'].map(path => join(folder, path));
    expect(await resolveAllowedFolders([`${sub}`, `${allowed}/`, `${link}`, '/none-such'])).toEqual([allowed]);
    expect(await resolveAllowedFolders([`${sub}`])).toEqual([sub]);
  });

  /** A podman whose container has this at `/data`. */
  function podmanWith(root: string, mountinfo = true): ReturnType<typeof recordingPodman> {
    const entryOf = (isSetUp: boolean) => ({
      Id: 'id',
      State: isSetUp ? { Status: 'initialized', Pid: 7 } : { Status: 'exited', Pid: 0 },
      Config: { Labels: { 'podman-api.job': 'x' } },
      HostConfig: { RestartPolicy: { Name: 'no' } },
      Mounts: [{ Type: 'bind', Source: join(folder, 'allowed/sub'), Destination: '/data/' }],
    });
    const podman = recordingPodman();
    const run: Podman['run'] = async (args, options) => {
      await podman.run(args, options);
      return JSON.stringify([entryOf(podman.calls.some(call => call.args[0] === 'init'))]);
    };
    const mountsOf: Podman['mountsOf'] = async pid =>
      mountinfo ? [{ device: '1:0', root: pid === 'self' ? '/' : root, target: pid === 'self' ? '/' : '/data' }] : undefined;
    return { ...podman, run, mountsOf };
  }
  const policy = () => ({ ...context.policy, mounts: [join(folder, 'allowed')] });
  const commands = ({ calls }: ReturnType<typeof recordingPodman>) => calls.map(({ args }) => args.filter(arg => arg !== '--')[0]);
  const createWith = (podman: Podman, source: string, rest: object = {}) =>
    create.run(podman, { image: 'alpine', name: 'web', volumes: { [source]: '/data' }, ...rest }, { ...context, policy: policy() });

  it('are verified before the container’s process starts', async () => {
    const podman = podmanWith(join(folder, 'allowed/sub'));
    await createWith(podman, join(folder, 'link/sub'));
    expect(commands(podman)).toEqual(['create', 'init', 'container', 'start', 'container']);
    expect(podman.calls[0]?.args).toContain(`--volume=${folder}/allowed/sub:/data:rw`);
  });

  it('need no verification for the allowed directory itself', async () => {
    for (const path of ['allowed', 'link']) {
      const podman = podmanWith('/');
      await createWith(podman, join(folder, path), { restart_policy: 'always' });
      expect(commands(podman)).toEqual(['run']);
      expect(podman.calls[0]?.args).toContain(`--volume=${folder}/allowed:/data:rw`);
    }
  });

  it('are refused if they turn out to lie elsewhere', async () => {
    const podman = podmanWith('/etc');
    await expect(createWith(podman, join(folder, 'allowed/sub'))).rejects.toMatchObject({ status: 403 });
    expect(commands(podman).slice(0, 3)).toEqual(['create', 'init', 'container']);
    expect(commands(podman)).not.toContain('start');

    const other = podmanWith('/etc');
    await expect(start.run(other, { name: 'web' }, { ...context, policy: policy() })).rejects.toMatchObject({ status: 403 });
    expect(commands(other)).toEqual(['container', 'init', 'container', 'container', 'container', 'stop']);
  });

  it.each([
    ['a restart policy', {}, { restart_policy: 'on-failure:3' }],
    ['processes that cannot be seen', { mountinfo: false }, {}],
  ] as const)('are refused together with %s', async (_case, { mountinfo = true }: { mountinfo?: boolean }, rest) => {
    const podman = podmanWith(join(folder, 'allowed/sub'), mountinfo);
    await expect(createWith(podman, join(folder, 'allowed/sub'), rest)).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('ALLOWED_MOUNTS'),
    });
    expect(podman.calls).toEqual([]);
  });
});
