import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiError } from '@podman-api/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enforcePolicy, validateInput } from '../src/index.ts';
import { createVolume } from '../src/volume/create/index.ts';
import { inspectVolume } from '../src/volume/inspect/index.ts';
import { listVolumes } from '../src/volume/list/index.ts';
import { pruneVolumes } from '../src/volume/prune/index.ts';
import { removeVolume } from '../src/volume/remove/index.ts';
import { context, recordingPodman } from './recording-podman.ts';

const entry = (Name: string, Labels: object = {}) => ({ Name, Driver: 'local', CreatedAt: '2026-01-05T09:30:00.5Z', Labels, Options: {} });

/** Answers as podman for a node with a used and an unused volume. */
const podmanWith = (names: readonly string[] = ['data']) =>
  recordingPodman({
    run(args) {
      if (args[0] === 'ps') return '';
      if (args.includes('--filter=dangling=true')) return 'spare\n';
      if (args[1] === 'ls') return JSON.stringify([entry('data', { team: 'ci' }), entry('spare', { team: 'web' })]);
      return args[1] === 'inspect' ? JSON.stringify(names.map(name => entry(name))) : 'data\n';
    },
  });
const argsOf = ({ calls }: ReturnType<typeof podmanWith>) => calls.map(({ args }) => args);

let folder = '';
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'volume-')));
});
afterAll(() => rm(folder, { recursive: true }));

describe('volume.create', () => {
  it('passes labels and options to podman, and returns the volume', async () => {
    const podman = podmanWith();
    const input = { name: 'data', labels: { team: 'ci' }, options: { type: 'tmpfs', device: 'tmpfs', o: 'nodev' } };
    expect(await createVolume.run(podman, validateInput(createVolume, input), context)).toMatchObject({ name: 'data', node: 'node' });
    expect(argsOf(podman)[0]).toEqual([
      'volume',
      'create',
      '--label=team=ci',
      '--opt=type=tmpfs',
      '--opt=device=tmpfs',
      '--opt=o=nodev',
      '--',
      'data',
    ]);
  });

  it('removes the volume again if it cannot be read', async () => {
    const podman = podmanWith(['another']);
    await expect(createVolume.run(podman, validateInput(createVolume, { name: 'data' }), context)).rejects.toMatchObject({ status: 404 });
    expect(argsOf(podman).at(-1)).toEqual(['volume', 'rm', '--', 'data']);
  });

  it('is a 404 if another caller has removed the volume meanwhile', async () => {
    const gone = Object.assign(new ApiError('NotFoundError', 'There is no volume data.'), { reason: 'no-volume' });
    const podman = recordingPodman({
      run(args) {
        if (args[1] === 'create') return 'data\n';
        throw gone;
      },
    });
    await expect(createVolume.run(podman, validateInput(createVolume, { name: 'data' }), context)).rejects.toBe(gone);
  });

  it('is unknown if the volume cannot be removed again', async () => {
    const podman = recordingPodman({
      run(args) {
        if (args[1] === 'create') return 'data\n';
        throw new Error(`podman ${args[1]} failed`);
      },
    });
    const created = createVolume.run(podman, validateInput(createVolume, { name: 'data' }), context);
    await expect(created).rejects.toMatchObject({ outcome: 'unknown' });
  });

  it.each([
    [{ type: 'none', o: 'bind', device: '/etc' }],
    [{ device: '/etc' }],
    [{ o: 'bind', device: '/etc' }],
    [{ type: 'tmpfs', device: '/dev/sda' }],
    [{ type: 'tmpfs', device: 'tmpfs', o: 'nodev,bind' }],
    [{ type: 'nfs', device: ':/srv' }],
    [{ type: 'ext4', device: '/dev/sda' }],
    [{ type: 'none' }],
    [{ o: 'bind' }],
  ])('returns 403 for the options %j without ALLOWED_MOUNTS', options => {
    const input = validateInput(createVolume, { name: 'data', options });
    expect(() => enforcePolicy(createVolume, input, context.policy)).toThrow(
      expect.objectContaining({ status: 403, message: expect.stringContaining('ALLOWED_MOUNTS') }),
    );
  });

  it('mounts a directory of ALLOWED_MOUNTS itself, and none below or elsewhere', async () => {
    const policy = { ...context.policy, mounts: [folder] };
    const create = async (device: string) => {
      const podman = podmanWith();
      const input = validateInput(createVolume, { name: 'data', options: { type: 'none', o: 'bind', device } });
      enforcePolicy(createVolume, input, policy);
      await createVolume.run(podman, input, { ...context, policy });
      return argsOf(podman)[0];
    };
    expect(await create(`${folder}/.`)).toContain(`--opt=device=${folder}`);
    for (const device of [`${folder}/below`, `${folder}/../etc`, '/etc', '/']) {
      await expect(create(device)).rejects.toMatchObject({ status: 403, fields: { details: [{ path: 'options' }] } });
    }
  });

  it.each([[{ 'a,b': 'c' }], [{ a: 'b,c=d' }], [{ a: '"' }], [{ 'podman-api.job': 'x' }]])('returns 400 for the labels %j', labels => {
    expect(() => validateInput(createVolume, { name: 'data', labels })).toThrow(expect.objectContaining({ status: 400 }));
  });
});

describe('volume.remove', () => {
  it('returns 404 for the beginning of a name, which podman would accept', async () => {
    const podman = podmanWith(['database']);
    await expect(removeVolume.run(podman, { name: 'data' }, context)).rejects.toMatchObject({ status: 404 });
    expect(argsOf(podman)).toEqual([['volume', 'inspect', '--', 'data']]);
  });
});

describe('volume.list and volume.prune', () => {
  it.each([
    [{}, ['data', 'spare']],
    [{ dangling: 'true' }, ['spare']],
    [{ dangling: 'false' }, ['data']],
    [{ label: 'team=ci' }, ['data']],
    [{ label: ['team', 'constructor'] }, []],
    [{ name: 'par' }, ['spare']],
  ])('lists by %j', async (filters, names) => {
    const volumes = await listVolumes.run(podmanWith(), validateInput(listVolumes, filters), context);
    expect(volumes.map(({ name }) => name)).toEqual(names);
  });

  it('removes unused volumes only', async () => {
    const podman = podmanWith();
    expect(await pruneVolumes.run(podman, {}, context)).toEqual([{ name: 'spare', removed: true, node: 'node' }]);
    expect(argsOf(podman).filter(([, verb]) => verb === 'rm')).toEqual([['volume', 'rm', '--', 'spare']]);
    expect(await pruneVolumes.run(podmanWith(), { label: ['team=ci'] }, context)).toEqual([]);
  });
});

describe('the options of a volume', () => {
  it('are shown without values that may be secrets', async () => {
    const options = { type: 'cifs', device: '//server/share', o: 'username=ci,password=secret,ro,uid=1000', token: 'secret' };
    const podman = recordingPodman({
      run: args => (args[1] === 'inspect' ? JSON.stringify([{ ...entry('data'), Options: options }]) : ''),
    });
    expect(await inspectVolume.run(podman, { name: 'data' }, context)).toMatchObject({
      options: { type: 'cifs', device: '//server/share', o: 'username=***,password=***,ro,uid=1000', token: '***' },
    });
  });
});
