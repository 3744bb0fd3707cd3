import type { Podman } from '@podman-api/podman';
import Joi from 'joi';
import { healthOf } from '../container/health.ts';
import { listedLabels, type PsEntry, readContainers, withClaims } from '../container/lookup/ps.ts';
import { readMembership } from '../container/pool-membership.ts';
import { anyAddress } from '../container/published-ports.ts';
import { defineRequestedTask } from '../define.ts';
import { boundedList, boundedText } from '../schemas/bounds.ts';
import { hasLabels, labelFilter } from '../schemas/label-filter.ts';
import { containerName, image } from '../schemas/names.ts';
import { queryContainers } from '../service-queries.ts';
import { dockerStatus, familiarName, podmanNetworkName } from './docker-names.ts';

/** Filters of `GET /containers/json`; a container must match one value of each. */
export interface DockerListInput {
  /** Whether stopped containers are listed too. */
  readonly all?: boolean;
  /** Labels, of which a container must have all. */
  readonly label?: readonly string[];
  readonly status?: readonly string[];
  /** Beginnings of ids. */
  readonly id?: readonly string[];
  /** Parts of names; `^` and `$` match the beginning and the end. */
  readonly name?: readonly string[];
  readonly ancestor?: readonly string[];
  readonly health?: readonly string[];
  readonly exited?: readonly number[];
  readonly network?: readonly string[];
}

/** A container in Docker's list; the API reads these fields. */
export interface DockerListed {
  readonly Id: string;
  /** Seconds since 1970. */
  readonly Created: number;
}

const maxValues = 100;
const namePattern = /^\^?\/?[a-zA-Z0-9_.-]*\$?$/;

/** Lists the containers of a node as `docker ps` does, without the idle ones of pools. */
export const dockerListContainers = defineRequestedTask<DockerListInput, readonly DockerListed[]>({
  name: 'docker.list_containers',
  scope: 'containers:read',
  reach: 'all',
  input: Joi.object<DockerListInput>({
    all: Joi.boolean(),
    label: labelFilter(),
    status: boundedList(maxValues, Joi.valid('created', 'restarting', 'running', 'removing', 'paused', 'exited', 'dead')),
    id: boundedList(maxValues, boundedText(64).pattern(/^[0-9a-f]+$/)),
    name: boundedList(
      maxValues,
      boundedText(256).pattern(namePattern).messages({
        'string.pattern.base': '{{#label}} must be a part of a name; ^ matches its beginning and $ its end',
      }),
    ),
    ancestor: boundedList(maxValues, image()),
    health: boundedList(maxValues, Joi.valid('none', 'starting', 'healthy', 'unhealthy')),
    exited: boundedList(maxValues, Joi.number().integer().min(0).max(255)),
    network: boundedList(maxValues, containerName()),
  }),
  lane: 'reads',
  isRepeatable: true,
  async run(podman, filters, { pools, signal }) {
    const entries = withClaims(await readContainers(podman), pools).filter(entry => !readMembership(entry.ServiceLabels));
    const inNetworks = filters.network && (await readNetworkMembers(podman, filters.network, signal));
    return entries.filter(entry => isWanted(entry, filters) && (inNetworks?.has(entry.Id) ?? true)).map(toDocker);
  },
});

/** Returns the ids of the containers of networks. */
async function readNetworkMembers(podman: Podman, networks: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
  const read = (network: string) =>
    podman.run(['ps', '--all', '--no-trunc', '--format={{.ID}}', `--filter=network=${podmanNetworkName(network)}`], {
      signal,
      query: queryContainers('ids', { network: podmanNetworkName(network) }),
    });
  return new Set((await Promise.all(networks.map(read))).flatMap(text => text.split('\n')));
}

function isWanted(entry: PsEntry, filters: DockerListInput): boolean {
  const status = dockerStatus(entry.State);
  const { all = false, status: statuses, exited } = filters;
  const isListed = all || statuses !== undefined || exited !== undefined || isActive(status);
  return (
    isListed &&
    matchesOne(statuses, one => one === status) &&
    hasLabels(listedLabels(entry), filters.label) &&
    matchesOne(filters.id, id => entry.Id.startsWith(id)) &&
    matchesOne(filters.name, pattern => entry.Names.some(name => matchesName(name, pattern))) &&
    matchesOne(filters.ancestor, name => matchesImage(entry, name)) &&
    matchesOne(filters.health, health => healthOf(entry.State, entry.Health) === health) &&
    matchesOne(exited, code => status === 'exited' && entry.ExitCode === code)
  );
}

function matchesOne<Value>(values: readonly Value[] | undefined, matches: (value: Value) => boolean): boolean {
  return values === undefined || values.length === 0 || values.some(matches);
}

/** Whether a name matches the simple patterns that clients send, such as `^/web$`. */
function matchesName(name: string, pattern: string): boolean {
  const text = pattern.replace(/^\^?\/?/, '').replace(/\$$/, '');
  const isBeginning = pattern.startsWith('^');
  if (pattern.endsWith('$')) return isBeginning ? name === text : name.endsWith(text);
  return isBeginning ? name.startsWith(text) : name.includes(text);
}

function matchesImage({ Image, ImageID }: PsEntry, given: string): boolean {
  const withTag = (name: string) => (/[:@][^/]*$/.test(name) ? name : `${name}:latest`);
  return ImageID.startsWith(given.replace(/^sha256:/, '')) || withTag(familiarName(given)) === withTag(familiarName(Image));
}

function toDocker(entry: PsEntry) {
  const { Command: command } = entry;
  const status = dockerStatus(entry.State);
  return {
    Id: entry.Id,
    Created: entry.Created,
    Names: entry.Names.map(name => `/${name}`),
    Image: familiarName(entry.Image),
    ImageID: `sha256:${entry.ImageID}`,
    Command: command === 'too-large' ? '' : (command ?? []).join(' '),
    // Podman lists the ports of stopped containers too, whose numbers another container may have now.
    Ports: isActive(status) ? portsOf(entry) : [],
    Labels: listedLabels(entry),
    State: status,
    Status: statusText(entry, status),
    HostConfig: {},
    NetworkSettings: { Networks: {} },
    Mounts: [],
  };
}

/** Whether a container has processes, and its ports are open. */
function isActive(status: string): boolean {
  return status === 'running' || status === 'paused';
}

function portsOf({ Ports: ports }: PsEntry): object[] {
  return ports === 'too-large' ? [] : (ports ?? []).flatMap(toPorts);
}

function toPorts({ host_ip, host_port, container_port, range, protocol }: Exclude<PsEntry['Ports'], 'too-large' | null>[number]): object[] {
  return Array.from({ length: range }, (_, index) => ({
    IP: host_ip || anyAddress,
    PrivatePort: container_port + index,
    PublicPort: host_port + index,
    Type: protocol,
  }));
}

function statusText(entry: PsEntry, status: string): string {
  if (status === 'exited') return `Exited (${entry.ExitCode})`;
  if (status === 'paused') return 'Up (Paused)';
  if (status !== 'running') return status.charAt(0).toUpperCase() + status.slice(1);
  const health = healthOf(entry.State, entry.Health);
  return health === 'none' ? 'Up' : `Up (${health === 'starting' ? 'health: starting' : health})`;
}
