import { ApiError } from '@podman-api/errors';
import { type DockerNetwork, networkOperations, podmanNetworkName } from '@podman-api/operations';
import { readBody } from '../../request/body.ts';
import { BodyReader } from '../body-reader.ts';
import { matchesFilters, readFilters } from '../filters.ts';
import { findNetworks, readNetworks, sessionNode, withSessionLabel } from '../placement.ts';
import { type DockerRequest, type DockerRoute, notImplemented, param } from '../route.ts';
import { runOnAllNodes, runTask } from '../run-task.ts';

const listNetworks: DockerRoute = {
  method: 'GET',
  path: '/networks',
  async handle(request) {
    const filters = readFilters(request, ['name', 'id', 'label', 'driver', 'type', 'dangling', 'scope']);
    const networks = uniqueById(await readNetworks(request));
    request.ctx.body = networks.filter(({ Name, Id, Labels }) => matchesFilters({ name: Name, id: Id, labels: Labels }, filters));
  },
};

const inspectNetwork: DockerRoute = {
  method: 'GET',
  path: '/networks/:id',
  async handle(request) {
    request.ctx.body = await findNetwork(request);
  },
};

const createNetwork: DockerRoute = {
  method: 'POST',
  path: '/networks/create',
  async handle(request) {
    const body = new BodyReader(await readBody(request.ctx, request.parts.config.MAX_BODY));
    const { labels: givenLabels, ...given } = readCreateNetwork(body);
    const labels = withSessionLabel(request, givenLabels);
    const input = { ...given, ...(labels && { labels }) };
    const { node } = await runTask(request, networkOperations.create, input, { node: await sessionNode(request, labels) });
    const [network] = await findNetworks(request, ({ Name }) => Name === input.name, node);
    request.ctx.status = 201;
    request.ctx.body = { Id: network?.Id ?? '', Warning: '' };
  },
};

/** Translates the body of a create. @throws ApiError (400) for a field that cannot be read, (501) for one that is not supported */
function readCreateNetwork(body: BodyReader) {
  const name = body.string('Name');
  if (name === undefined) throw new ApiError('ValidationError', 'Name is missing: give the name of the network.');
  const driver = body.string('Driver') ?? 'bridge';
  if (driver !== 'bridge' && driver !== 'default') throw notImplemented(`The driver ${driver}`, 'use bridge');
  body.ignore('CheckDuplicate', 'Attachable', 'Scope');
  body.ignoreValues('EnableIPv4', true);
  const ipam = body.object('IPAM');
  ipam.ignoreValues('Driver', 'default');
  const [range, ...more] = ipam.objects('Config');
  if (more.length > 0) throw notImplemented('IPAM.Config with several ranges', 'give one');
  const [subnet, gateway, labels] = [range?.string('Subnet'), range?.string('Gateway'), body.stringMap('Labels')];
  const input = {
    name,
    internal: body.flag('Internal'),
    ipv6: body.flag('EnableIPv6'),
    ...(subnet !== undefined && { subnet }),
    ...(gateway !== undefined && { gateway }),
  };
  body.finish();
  return { ...input, labels };
}

const removeNetwork: DockerRoute = {
  method: 'DELETE',
  path: '/networks/:id',
  async handle(request) {
    const { Name, Node } = await findNetwork(request);
    await runTask(request, networkOperations.remove, { name: podmanNetworkName(Name) }, { node: Node });
    request.ctx.status = 204;
  },
};

const connect: DockerRoute = {
  method: 'POST',
  path: '/networks/:id/connect',
  async handle(request) {
    const body = new BodyReader(await readBody(request.ctx, request.parts.config.MAX_BODY));
    const container = body.string('Container') ?? '';
    const endpoint = body.object('EndpointConfig');
    const aliases = endpoint.strings('Aliases');
    endpoint.ignore('NetworkID', 'EndpointID');
    body.finish();
    const { Name } = await findNetwork(request);
    await runTask(request, networkOperations.connect, { name: podmanNetworkName(Name), container, ...(aliases && { aliases }) });
    request.ctx.body = '';
  },
};

const disconnect: DockerRoute = {
  method: 'POST',
  path: '/networks/:id/disconnect',
  async handle(request) {
    const body = new BodyReader(await readBody(request.ctx, request.parts.config.MAX_BODY));
    const input = { container: body.string('Container') ?? '', force: body.flag('Force') };
    body.finish();
    const { Name } = await findNetwork(request);
    await runTask(request, networkOperations.disconnect, { name: podmanNetworkName(Name), ...input });
    request.ctx.body = '';
  },
};

const pruneNetworks: DockerRoute = {
  method: 'POST',
  path: '/networks/prune',
  async handle(request) {
    const { label } = readFilters(request, ['label']);
    const removed = await runOnAllNodes(request, networkOperations.prune, label ? { label } : {});
    request.ctx.body = { NetworksDeleted: removed.map(({ name }) => name) };
  },
};

/** Finds the network of a request by its name, its id or the beginning of its id. @throws ApiError (404), (409) if several match */
async function findNetwork(request: DockerRequest): Promise<DockerNetwork> {
  const wanted = param(request, 'id');
  const isNamed = ({ Name, Id }: DockerNetwork) => Name === wanted || Id === wanted;
  const networks = uniqueById(await findNetworks(request, network => isNamed(network) || (wanted !== '' && network.Id.startsWith(wanted))));
  const named = networks.filter(isNamed);
  const found = named.length > 0 ? named : networks;
  const [network, ...others] = found;
  if (!network) throw new ApiError('NotFoundError', `No such network: ${wanted}`);
  if (others.length === 0) return network;
  throw new ApiError('ConflictError', `Several networks match ${wanted}, on ${found.map(({ Node }) => Node).join(', ')}: use the id.`);
}

/** Returns each network once: podman's default network has the same id on every node. */
function uniqueById(networks: readonly DockerNetwork[]): readonly DockerNetwork[] {
  return [...new Map(networks.map(network => [network.Id, network])).values()];
}

/** The routes of networks. */
export const networkRoutes: readonly DockerRoute[] = [
  listNetworks,
  createNetwork,
  pruneNetworks,
  inspectNetwork,
  removeNetwork,
  connect,
  disconnect,
];
