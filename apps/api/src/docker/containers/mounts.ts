import { invalidField } from '@podman-api/errors';
import type { BodyReader } from '../body-reader.ts';
import { notImplemented } from '../route.ts';

/**
 * Reads the volumes of a container: `HostConfig.Binds`, `HostConfig.Mounts` and `Volumes`. Folders of the host are left to the policy
 * (ALLOWED_MOUNTS).
 * @returns volumes as the REST API has them; `undefined` if there are none
 */
export function readMounts(body: BodyReader, host: BodyReader): readonly string[] | undefined {
  const binds = (host.strings('Binds') ?? []).map(withoutDefaults);
  const mounts = host.objects('Mounts').map(readMount);
  const targets = new Set([...binds, ...mounts].map(bind => bind.split(':')[1] ?? bind));
  const anonymous = body.object('Volumes').names.filter(target => !targets.has(target));
  const all = [...binds, ...mounts, ...anonymous];
  return all.length === 0 ? undefined : all;
}

/** Leaves out the options of a bind that are the default anyway. */
function withoutDefaults(bind: string): string {
  const [source = '', target, options] = bind.split(':');
  if (target === undefined || options === undefined) return bind;
  const kept = options.split(',').filter(option => !['', 'rprivate', 'private'].includes(option));
  return [source, target, ...(kept.length === 0 ? [] : [kept.join(',')])].join(':');
}

function readMount(mount: BodyReader): string {
  const type = mount.string('Type') ?? 'volume';
  const target = mount.string('Target');
  const source = mount.string('Source');
  if (target === undefined) throw invalidField('HostConfig.Mounts', 'Each entry of HostConfig.Mounts must have a Target.');
  if (type !== 'volume' && type !== 'bind') throw notImplemented(`A mount of the type ${type}`, 'use volume, bind or HostConfig.Tmpfs');
  mount.ignoreValues('Consistency', 'default', 'consistent', 'cached', 'delegated');
  if (source === undefined) return target;
  return `${source}:${target}${mount.flag('ReadOnly') ? ':ro' : ''}`;
}
