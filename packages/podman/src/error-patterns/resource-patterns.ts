import type { ErrorPattern } from './pattern.ts';

const volumeVerbs = new Set(['volume create', 'volume inspect', 'volume rm', 'volume ls']);
const networkVerbs = new Set(['network create', 'network inspect', 'network rm', 'network connect', 'network disconnect']);

/** Errors about volumes and networks. */
export const resourcePatterns: readonly ErrorPattern[] = [
  {
    pattern: /volume with name (\S+) already exists/,
    reason: 'name-in-use',
    type: 'ConflictError',
    verbs: volumeVerbs,
    message: name => `The volume ${name} already exists: choose another name, or remove it first.`,
    field: 'name',
  },
  {
    pattern: /no volume with name "?([^"\s]+)"? found|no such volume (\S+)/,
    reason: 'no-volume',
    type: 'NotFoundError',
    verbs: volumeVerbs,
    message: name => `There is no volume ${name}.`,
  },
  {
    pattern: /volume has already been removed/,
    reason: 'no-volume',
    type: 'NotFoundError',
    verbs: volumeVerbs,
    message: () => 'The volume was removed meanwhile.',
  },
  {
    pattern: /volume (\S+) is being used by/,
    reason: 'volume-in-use',
    type: 'ConflictError',
    verbs: volumeVerbs,
    message: name => `A container uses the volume ${name}: remove the container first.`,
  },
  {
    pattern: /volume options size and inodes not supported/,
    reason: 'bad-mount-option',
    type: 'ValidationError',
    verbs: volumeVerbs,
    message: () => 'options: the node cannot limit the size of a volume, because its file system has no project quotas; leave out size.',
    field: 'options',
  },
  {
    pattern: /network name (\S+) already used/,
    reason: 'name-in-use',
    type: 'ConflictError',
    verbs: networkVerbs,
    message: name => `The network ${name} already exists: choose another name, or remove it first.`,
    field: 'name',
  },
  {
    pattern: /cannot create network with name "([^"]+)" because it conflicts with a valid network mode/,
    reason: 'bad-name',
    type: 'ValidationError',
    verbs: networkVerbs,
    message: name => `name: ${name} is the name of a network mode; choose another.`,
    field: 'name',
  },
  {
    pattern: /subnet (\S+) is already used/,
    reason: 'bad-subnet',
    type: 'ValidationError',
    verbs: networkVerbs,
    message: subnet => `subnet: ${subnet} is used by another network or by the node itself; choose another.`,
    field: 'subnet',
  },
  {
    pattern: /gateway (\S+) not in subnet/,
    reason: 'bad-subnet',
    type: 'ValidationError',
    verbs: networkVerbs,
    message: gateway => `gateway: ${gateway} is not an address of the subnet; choose one of its addresses.`,
    field: 'gateway',
  },
  {
    pattern: /"([^"]+)" has associated containers|default network (\S+) cannot be removed/,
    reason: 'network-in-use',
    type: 'ConflictError',
    verbs: networkVerbs,
    message: name => `The network ${name} is in use, or is podman's default network: disconnect or remove its containers first.`,
  },
  {
    pattern: /unable to find network with name or ID ([^:]+):/,
    reason: 'no-network',
    type: 'NotFoundError',
    verbs: networkVerbs,
    message: name => `There is no network ${name}.`,
  },
  {
    pattern: /is already connected to network "?([^":\s]+)/,
    reason: 'bad-state',
    type: 'ConflictError',
    verbs: networkVerbs,
    message: name => `The container is already connected to the network ${name}.`,
  },
  {
    pattern: /is not connected to network (\S+)/,
    reason: 'bad-state',
    type: 'ConflictError',
    verbs: networkVerbs,
    message: name => `The container is not connected to the network ${name}.`,
  },
  {
    pattern: /"[^"]*" is not supported: invalid network mode/,
    reason: 'bad-state',
    type: 'ConflictError',
    verbs: networkVerbs,
    message: () => 'A container whose network mode is not a bridge, such as none or host, cannot be connected to networks.',
  },
];
