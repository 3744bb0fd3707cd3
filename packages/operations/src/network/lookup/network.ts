import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import Joi from 'joi';
import { listResources, listUsers } from '../../list-resources.ts';
import type { TaskContext } from '../../operation.ts';
import { createResourceReach } from '../../resource-reach.ts';
import { containerName } from '../../schemas/names.ts';
import { anyText, instant, listOf, part, shape, shortIdText, stringMap } from '../../schemas/shape.ts';
import { queryContainers, queryDetails, queryList, queryNetworkNames } from '../../service-queries.ts';
import { shortId } from '../../short-id.ts';

/** A range of addresses of a network. */
interface Subnet {
  readonly subnet: string;
  /** `null` if it has none. */
  readonly gateway: string | null;
}

/** A network, as in the response. */
export interface Network {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly subnets: readonly Subnet[];
  /** Whether containers cannot reach anything outside it. */
  readonly internal: boolean;
  readonly ipv6: boolean;
  /** Whether containers find one another by name. */
  readonly dns_enabled: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
  readonly created: string;
  readonly in_use: boolean;
  readonly node: string;
}

/** A network with the containers that are connected to it. */
export interface NetworkDetails extends Network {
  /** Names of containers, running and stopped. */
  readonly containers: readonly string[];
}

const networkFields = {
  id: shortIdText(),
  name: anyText(),
  driver: anyText(),
  subnets: listOf(part<Subnet>({ subnet: Joi.string(), gateway: Joi.string().allow(null) })),
  internal: Joi.boolean().description('Whether the network is isolated: its containers cannot reach anything outside it.'),
  ipv6: Joi.boolean(),
  dns_enabled: Joi.boolean().description('Whether containers find one another by name.'),
  labels: stringMap(),
  options: stringMap(),
  created: instant().description(
    "For podman's default network it may be the time of the response: netavark does not store the creation time.",
  ),
  in_use: Joi.boolean().description(
    "Whether a container is connected to it, running or stopped. Podman's default network always counts as used.",
  ),
  node: Joi.string(),
};

/** Schema of `Network`. */
export const network = shape<Network>('Network', networkFields);

/** Schema of `NetworkDetails`. */
export const networkDetails = shape<NetworkDetails>('NetworkDetails', {
  ...networkFields,
  containers: listOf(anyText()).description('The containers that are connected to it, running and stopped.'),
});

/** Example for the OpenAPI document. */
export const exampleNetwork: Network = {
  id: '57c690d15b01',
  name: 'backend',
  driver: 'bridge',
  subnets: [{ subnet: '10.89.0.0/24', gateway: '10.89.0.1' }],
  internal: false,
  ipv6: false,
  dns_enabled: true,
  labels: { team: 'ci' },
  options: {},
  created: '2026-01-05T09:30:00.000Z',
  in_use: false,
  node: 'local',
};

/** Returns the schema of a network's name; podman's rule is the same as for containers. */
export const networkName = () => containerName();

/** A network in the output of podman: the fields that are used. */
export interface NetworkEntry {
  readonly name: string;
  readonly id: string;
  readonly driver: string;
  readonly created: string;
  readonly subnets?: readonly { readonly subnet: string; readonly gateway?: string }[] | null;
  readonly ipv6_enabled: boolean;
  readonly internal: boolean;
  readonly dns_enabled: boolean;
  readonly labels?: Readonly<Record<string, string>> | null;
  readonly options?: Readonly<Record<string, string>> | null;
}

/** Options of a list of networks. */
interface NetworkListOptions {
  /** Runs the command, whose list is exact; see `PodmanService`. */
  readonly isExact: boolean;
}

/** Returns all networks of the node. */
export async function readNetworks(
  podman: Podman,
  { node, signal }: Pick<TaskContext, 'node' | 'signal'>,
  options: NetworkListOptions,
): Promise<readonly Network[]> {
  // The unused ones first: a network that is created meanwhile counts as used, and so is not removed as unused.
  const args = ['network', 'ls', '--filter=dangling=true', '--format={{.Name}}'];
  const query = options.isExact ? undefined : queryNetworkNames({ dangling: 'true' });
  const unused = new Set((await listResources(podman, args, signal, query)).split('\n'));
  const entries = await readNetworkEntries(podman, signal, options);
  return entries.map(entry => toNetwork(entry, !unused.has(entry.name), node));
}

/** Returns all networks of the node as podman prints them, by name. */
export async function readNetworkEntries(
  podman: Podman,
  signal: AbortSignal,
  { isExact }: NetworkListOptions,
): Promise<readonly NetworkEntry[]> {
  const query = isExact ? undefined : queryList('networks');
  const entries: readonly NetworkEntry[] = JSON.parse(
    (await listResources(podman, ['network', 'ls', '--format=json'], signal, query)) || '[]',
  );
  // Podman's service does not sort them.
  return entries.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/**
 * Returns a network and the containers that are connected to it.
 * @throws ApiError (404) as `requireNetwork`
 */
export async function readNetwork(
  podman: Podman,
  name: string,
  { node, signal }: Pick<TaskContext, 'node' | 'signal'>,
): Promise<NetworkDetails> {
  const entry = await requireNetwork(podman, name, { signal });
  const query = queryContainers('names', { network: name });
  const containers = await listUsers(podman, 'network', name, signal, query);
  return { ...toNetwork(entry, containers.length > 0, node), containers };
}

/**
 * Returns a network as podman prints it. Podman also accepts the beginning of a network's id, so the name is compared.
 * @throws ApiError (404) if the node has no network with exactly this name
 */
export async function requireNetwork(podman: Podman, name: string, { signal }: Pick<TaskContext, 'signal'>): Promise<NetworkEntry> {
  const [entry]: readonly NetworkEntry[] = JSON.parse(
    await podman.run(['network', 'inspect', '--', name], { signal, query: queryDetails('networks', name) }),
  );
  if (entry?.name !== name) throw new ApiError('NotFoundError', `There is no network ${name}.`);
  return entry;
}

function toNetwork(entry: NetworkEntry, isInUse: boolean, node: string): Network {
  return {
    id: shortId(entry.id),
    name: entry.name,
    driver: entry.driver,
    subnets: (entry.subnets ?? []).map(({ subnet, gateway = null }) => ({ subnet, gateway })),
    internal: entry.internal,
    ipv6: entry.ipv6_enabled,
    dns_enabled: entry.dns_enabled,
    labels: entry.labels ?? {},
    options: entry.options ?? {},
    created: new Date(entry.created).toISOString(),
    in_use: isInUse,
    node,
  };
}

/** How to find the node of a network. Networks of one name differ from node to node. */
export const networkReach = createResourceReach<{ readonly name: string }>({
  kind: 'network',
  isSameOnAllNodes: false,
  nameOf: ({ name }) => name,
  name: networkName(),
  read: requireNetwork,
});
