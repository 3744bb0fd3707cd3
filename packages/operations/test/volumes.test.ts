import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { create } from '../src/container/create/index.ts';
import { planMounts } from '../src/container/create/plan-mounts.ts';
import { parseVolumes } from '../src/container/create/volumes.ts';
import { validateInput } from '../src/index.ts';
import { recordingPodman } from './recording-podman.ts';

describe('volumes of container.create', () => {
  it.each([
    [{ '/host': '/container' }, [{ source: '/host', target: '/container', mode: 'rw' }]],
    [{ '/host': { bind: '/container', mode: 'ro' } }, [{ source: '/host', target: '/container', mode: 'ro' }]],
    [
      ['name:/container:ro', 'other:/c'],
      [
        { source: 'name', target: '/container', mode: 'ro' },
        { source: 'other', target: '/c', mode: 'rw' },
      ],
    ],
    [['/data'], [{ target: '/data', mode: 'rw' }]],
    [
      ['name:/a:z', 'name:/b:ro,Z', '/host:/c:Z,rw'],
      [
        { source: 'name', target: '/a', mode: 'rw', relabel: 'z' },
        { source: 'name', target: '/b', mode: 'ro', relabel: 'Z' },
        { source: '/host', target: '/c', mode: 'rw', relabel: 'Z' },
      ],
    ],
    [{ name: { bind: '/c', mode: 'ro,z' } }, [{ source: 'name', target: '/c', mode: 'ro', relabel: 'z' }]],
  ] as const)('accepts %j', (volumes, expected) => expect(parseVolumes(volumes)).toEqual(expected));

  it.each([
    [{ './here': '/c' }, '{"./here":"/c"}: the source must be'],
    [{ '~/x': '/c' }, '{"~/x":"/c"}: the source must be'],
    [{ name: 'relative' }, 'the target must be an absolute path'],
    [{ name: '/c/../etc' }, 'the target must not contain'],
    [{ name: '//' }, 'the target must not be the root'],
    [{ '/a,b': '/c' }, 'a path must not contain'],
    [{ '/host': { bind: '/c', mode: 'rw,exec' } }, '"mode":"rw,exec"}}: the mode must be ro or rw'],
    [['name'], '"name" is not source:/container[:ro|rw]'],
    [['a:/b:ro:/c'], '"a:/b:ro:/c" is not source:/container[:ro|rw]'],
    [['a:/b:'], '"a:/b:": the mode must be ro or rw'],
    [['a:/b:ro,rw'], 'the mode must be ro or rw'],
    [['a:/b:z,Z'], 'the mode must be ro or rw'],
    [['a:/b:U'], '"a:/b:U": the option U is not available'],
    [['a:/b:ro,z,U'], 'the option U is not available'],
    [['a:/b', 'c:/b'], '"/b" is the target of two volumes'],
    [['a:/b', '/b/'], '"/b" is the target of two volumes'],
    [{ a: '/b', c: { bind: '/./b', mode: 'ro' } }, '"/b" is the target of two volumes'],
    [{ '--flag': '/c' }, 'the source must be'],
    [[5], 'volumes[0] must be a string'],
  ])('returns 400 for %j and quotes it', (volumes, words) => {
    expect(() => validateInput(create, { image: 'a', name: 'b', volumes })).toThrow(
      expect.objectContaining({ status: 400, message: expect.stringContaining(words) }),
    );
  });

  it('passes z and Z on for named volumes only, and refuses them for directories if the host has SELinux', async () => {
    const folder = realpathSync(mkdtempSync('/tmp/podman-api-mounts-'));
    const volumes = parseVolumes([`${folder}:/a:ro,z`, 'name:/b:Z', '/c']);
    const plan = (hasSelinux: boolean) => planMounts(recordingPodman(), volumes, [folder], undefined, hasSelinux);
    expect((await plan(false)).args).toEqual([`--volume=${folder}:/a:ro`, '--volume=name:/b:rw,Z', '--volume=/c']);
    await expect(plan(true)).rejects.toMatchObject({ status: 403, message: expect.stringContaining('chcon -Rt container_file_t') });
    rmSync(folder, { recursive: true });
  });

  it('accepts directories of the host whose real path is allowed', async () => {
    const podman = { ...recordingPodman(), mountsOf: async () => [] };
    const folder = realpathSync(mkdtempSync('/tmp/podman-api-mounts-'));
    mkdirSync(`${folder}/allowed/sub`, { recursive: true });
    mkdirSync(`${folder}/allowed-not`);
    symlinkSync('/etc', `${folder}/allowed/link`);
    symlinkSync(`${folder}/allowed/sub`, `${folder}/in`);
    const allowed = [`${folder}/allowed`];
    const mount = async (source: string) => (await planMounts(podman, [{ source, target: '/c', mode: 'ro' }], allowed)).args;
    expect(await mount(`${folder}/allowed/sub`)).toEqual([`--volume=${folder}/allowed/sub:/c:ro`]);
    expect(await mount(`${folder}/in`)).toEqual([`--volume=${folder}/allowed/sub:/c:ro`]);
    expect(await mount('name')).toEqual(['--volume=name:/c:ro']);
    for (const source of [
      '/',
      '/etc',
      `${folder}/allowed/link`,
      `${folder}/allowed/../allowed-not`,
      `${folder}/allowed-not`,
      `${folder}/allowed/../../etc`,
    ]) {
      await expect(mount(source)).rejects.toMatchObject({ status: 403, message: expect.stringContaining('ALLOWED_MOUNTS') });
    }
    await expect(mount(`${folder}/allowed/none`)).rejects.toMatchObject({ status: 400 });
    await expect(planMounts(podman, [{ source: folder, target: '/c', mode: 'ro' }], [])).rejects.toMatchObject({ status: 403 });
    rmSync(folder, { recursive: true });
  });
});
