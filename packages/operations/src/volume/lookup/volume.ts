import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import Joi from 'joi';
import { listResources, listUsers } from '../../list-resources.ts';
import type { TaskContext } from '../../operation.ts';
import { createResourceReach } from '../../resource-reach.ts';
import { containerName } from '../../schemas/names.ts';
import { anyText, instant, listOf, shape, stringMap } from '../../schemas/shape.ts';

/** A volume, as in the response. */
export interface Volume {
  readonly name: string;
  readonly driver: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
  readonly created: string;
  /** Whether a container uses it, running or stopped. */
  readonly in_use: boolean;
  readonly node: string;
}

/** A volume with the containers that use it. */
export interface VolumeDetails extends Volume {
  /** Names of containers, running and stopped. */
  readonly containers: readonly string[];
}

const volumeFields = {
  name: anyText(),
  driver: anyText(),
  labels: stringMap(),
  options: stringMap().description('Values of mount options that may be secrets are masked.'),
  created: instant(),
  in_use: Joi.boolean().description('Whether a container uses it, running or stopped.'),
  node: Joi.string(),
};

/** Schema of `Volume`. */
export const volume = shape<Volume>('Volume', volumeFields);

/** Schema of `VolumeDetails`. */
export const volumeDetails = shape<VolumeDetails>('VolumeDetails', {
  ...volumeFields,
  containers: listOf(anyText()).description('The containers that use it, running and stopped.'),
});

/** Example for the OpenAPI document. */
export const exampleVolume: Volume = {
  name: 'data',
  driver: 'local',
  labels: { team: 'ci' },
  options: {},
  created: '2026-01-05T09:30:00.000Z',
  in_use: false,
  node: 'local',
};

/** Returns the schema of a volume's name; podman's rule is the same as for containers. */
export const volumeName = () => containerName();

/** A volume in the output of podman: the fields that are used. */
interface VolumeEntry {
  readonly Name: string;
  readonly Driver: string;
  readonly CreatedAt: string;
  readonly Labels: Readonly<Record<string, string>> | null;
  readonly Options: Readonly<Record<string, string>> | null;
}

/** Returns all volumes of the node. */
export async function readVolumes(podman: Podman, { node, signal }: Pick<TaskContext, 'node' | 'signal'>): Promise<readonly Volume[]> {
  // The unused ones first: a volume that is created meanwhile counts as used, and so is not removed as unused.
  const unused = new Set(
    (await listResources(podman, ['volume', 'ls', '--filter=dangling=true', '--format={{.Name}}'], signal)).split('\n'),
  );
  const entries: readonly VolumeEntry[] = JSON.parse((await listResources(podman, ['volume', 'ls', '--format=json'], signal)) || '[]');
  return entries.map(entry => toVolume(entry, !unused.has(entry.Name), node));
}

/**
 * Returns a volume and the containers that use it. Podman also accepts the beginning of a volume's name, which could change
 * another volume than the caller means, so the name is compared.
 * @throws ApiError (404) if the node has no volume with exactly this name
 */
export async function readVolume(
  podman: Podman,
  name: string,
  { node, signal }: Pick<TaskContext, 'node' | 'signal'>,
): Promise<VolumeDetails> {
  const [entry]: readonly VolumeEntry[] = JSON.parse(await podman.run(['volume', 'inspect', '--', name], { signal }));
  if (entry?.Name !== name) throw new ApiError('NotFoundError', `There is no volume ${name}.`);
  const containers = await listUsers(podman, 'volume', name, signal);
  return { ...toVolume(entry, containers.length > 0, node), containers };
}

function toVolume({ Name, Driver, CreatedAt, Labels, Options }: VolumeEntry, isInUse: boolean, node: string): Volume {
  const created = new Date(CreatedAt).toISOString();
  return { name: Name, driver: Driver, labels: Labels ?? {}, options: maskSecrets(Options ?? {}), created, in_use: isInUse, node };
}

/** Options whose values are shown; an administrator may have made a volume with a password in another one, such as one of CIFS. */
const openOptions: ReadonlySet<string> = new Set(['type', 'device']);
const openMountOptions: ReadonlySet<string> = new Set(['size', 'mode', 'uid', 'gid']);

function maskSecrets(options: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const mask = (option: string, value: string) => {
    if (openOptions.has(option)) return value;
    return option.toLowerCase() === 'o' ? value.split(',').map(maskMountOption).join() : '***';
  };
  return Object.fromEntries(Object.entries(options).map(([option, value]) => [option, mask(option, value)]));
}

function maskMountOption(text: string): string {
  const [name = '', ...value] = text.split('=');
  return value.length === 0 || openMountOptions.has(name) ? text : `${name}=***`;
}

/** How to find the node of a volume. Volumes of one name differ from node to node. */
export const volumeReach = createResourceReach<{ readonly name: string }>({
  kind: 'volume',
  isSameOnAllNodes: false,
  nameOf: ({ name }) => name,
  name: volumeName(),
  read: readVolume,
});
