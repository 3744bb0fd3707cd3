import { networkInterfaces } from 'node:os';
import { ApiError, invalidField } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { failedFor } from '../../container/failed-for.ts';
import type { TaskContext } from '../../operation.ts';
import { readCreatedResource, removeCreatedResource } from '../../resource-changes.ts';
import { type NetworkDetails, readNetwork, readNetworkEntries } from '../lookup/network.ts';
import { findFreeSubnet, overlap, readHostRoutes } from './host-routes.ts';

/** Input of `POST /networks`. */
export interface CreateNetworkInput {
  readonly name: string;
  readonly driver?: 'bridge';
  readonly subnet?: string;
  readonly gateway?: string;
  readonly internal?: boolean;
  readonly ipv6?: boolean;
  readonly dns_enabled?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly options?: { readonly mtu?: number; readonly isolate?: boolean };
  readonly node?: string;
  readonly node_selector?: Readonly<Record<string, string>>;
}

/** Maximum number of attempts to create a network, if other processes take its ranges meanwhile. */
const maxAttempts = 5;

/**
 * Creates a network with a range of addresses that the host does not route elsewhere: podman's choice, or one of ours if the host
 * routes to that one.
 * @throws ApiError (400) if the host routes to the requested subnet; (409) if no range is free
 */
export async function createBridge(
  podman: Podman,
  input: CreateNetworkInput,
  context: TaskContext,
  readRoutes: () => Promise<readonly string[]> = readHostRoutes,
): Promise<NetworkDetails> {
  const { name, subnet } = input;
  const routes = await readRoutes();
  const routeTo = (range: string) => routes.find(route => overlap(route, range));
  const requested = subnet === undefined ? [] : [subnet];
  for (const range of requested) {
    const route = routeTo(range);
    if (route !== undefined)
      throw invalidField('subnet', `subnet: the node has a route to ${route}, which ${range} overlaps; choose another.`);
  }
  const refusedSubnets: string[] = [];
  let chosen: readonly string[] = [];
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const created = await createUnlessTaken(podman, input, [...requested, ...chosen], context);
    const rejected = created === undefined ? chosen : created.subnets.map(one => one.subnet).filter(range => routeTo(range) !== undefined);
    if (created !== undefined && rejected.length === 0) return created;
    if (created !== undefined) await removeCreatedResource(podman, 'network', name);
    refusedSubnets.push(...rejected);
    // Podman chooses ranges of IPv6 at random, so the next one differs.
    if (rejected.some(range => !range.includes(':'))) chosen = await chooseSubnet(podman, [...routes, ...refusedSubnets], context);
  }
  throw noFreeSubnetError();
}

/** Creates the network; `undefined` if another network has taken the range that was chosen for it. */
async function createUnlessTaken(
  podman: Podman,
  input: CreateNetworkInput,
  subnets: readonly string[],
  context: TaskContext,
): Promise<NetworkDetails | undefined> {
  const { name, labels: given = {}, options: bridge = {} } = input;
  const args = [
    ...subnets.map(range => `--subnet=${range}`),
    ...(input.gateway === undefined ? [] : [`--gateway=${input.gateway}`]),
    ...(input.internal ? ['--internal'] : []),
    ...(input.ipv6 ? ['--ipv6'] : []),
    ...(input.dns_enabled === false ? ['--disable-dns'] : []),
    ...Object.entries(given).map(([label, value]) => `--label=${label}=${value}`),
    ...Object.entries(bridge).map(([option, value]) => `--opt=${option}=${value}`),
  ];
  try {
    await podman.run(['network', 'create', ...args, '--', name], { signal: context.signal });
  } catch (error) {
    const isChosenSubnetRefused = failedFor('bad-subnet', error) && subnets.some(range => range !== input.subnet);
    if (isChosenSubnetRefused) return undefined;
    throw error;
  }
  return readCreatedResource(podman, 'network', name, () => readNetwork(podman, name, context));
}

/** Chooses a range of IPv4 that overlaps no given range, no network and no address of the host. @throws ApiError (409) */
async function chooseSubnet(podman: Podman, taken: readonly string[], { signal }: TaskContext): Promise<readonly string[]> {
  const networks = (await readNetworkEntries(podman, signal, { isExact: true })).flatMap(entry =>
    (entry.subnets ?? []).map(({ subnet }) => subnet),
  );
  const addresses = Object.values(networkInterfaces()).flatMap(list => (list ?? []).flatMap(({ cidr }) => cidr ?? []));
  const free = findFreeSubnet([...taken, ...networks, ...addresses]);
  if (free === undefined) throw noFreeSubnetError();
  return [free];
}

function noFreeSubnetError(): ApiError {
  return new ApiError('ConflictError', 'The node routes all private ranges of addresses elsewhere: name a subnet, or remove a route.');
}
