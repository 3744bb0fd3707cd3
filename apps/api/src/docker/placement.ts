import { createHash } from 'node:crypto';
import type { Node } from '@podman-api/cluster';
import { type DockerNetwork, dockerListContainers, dockerListNetworks, hasLabels, sessionLabel } from '@podman-api/operations';
import type { DockerRequest } from './route.ts';
import { reachableNodes, runOnAllNodes } from './run-task.ts';

/** Labels whose value names a session: all containers, networks and volumes of one are on one node. */
export const sessionLabels = ['org.testcontainers.session-id', 'org.testcontainers.sessionId', 'com.docker.compose.project'] as const;

/** Returns the labels of a resource that a request creates; in a session of `podman-api proxy`, with the label of the session. */
export function withSessionLabel({ ctx }: DockerRequest, labels: Readonly<Record<string, string>> | undefined) {
  const { dockerSession } = ctx.state;
  return dockerSession ? { ...labels, [sessionLabel]: dockerSession.id } : labels;
}

/**
 * Returns the node of the session that a request belongs to: that of `podman-api proxy`, or one that is named by the header
 * `x-tc-sid`, or by a label of Testcontainers or Compose. A session keeps its node as long as it has a container or
 * network.
 * @returns `undefined` if the request belongs to no session, or no node is ready
 */
export async function sessionNode(request: DockerRequest, labels: Readonly<Record<string, string>> = {}): Promise<string | undefined> {
  const { ctx, parts } = request;
  if (ctx.state.dockerSession) return ctx.state.dockerSession.node;
  const [label] = sessionLabels.flatMap(name => (labels[name] ? [`${name}=${labels[name]}`] : []));
  const header = ctx.get('x-tc-sid');
  const session = header === '' ? label : header;
  if (session === undefined) return undefined;
  const { nodes } = parts.fleet;
  const candidate = preferredNode(session, [...nodes.values()]);
  if (candidate === undefined) return undefined;
  const assigned = await parts.sessionNodes.assign(session, candidate);
  const status = nodes.get(assigned)?.status;
  const mayMove = status === undefined || (status === 'draining' && label !== undefined && !(await isUsed(request, assigned, label)));
  return mayMove ? parts.sessionNodes.assign(session, candidate, assigned) : assigned;
}

/** Returns the ready node that every API process prefers for a session (rendezvous hashing, Thaler and Ravishankar 1998). */
function preferredNode(session: string, nodes: readonly Node[]): string | undefined {
  const score = (node: string) => createHash('sha256').update(`${session}\n${node}`).digest('hex');
  return nodes
    .filter(({ status, podman }) => status === 'ready' && podman === 'connected')
    .map(({ name }) => name)
    .sort((one, other) => score(one).localeCompare(score(other)))[0];
}

/** Whether a node has containers or networks with a label. */
async function isUsed(request: DockerRequest, node: string, label: string): Promise<boolean> {
  const containers = await runOnAllNodes(request, dockerListContainers, { all: true, label: [label] }, { node });
  if (containers.length > 0) return true;
  return (await findNetworks(request, ({ Labels }) => hasLabels(Labels, [label]), node)).length > 0;
}

/** Reads the networks of all nodes, or of one; in a session, of its node. @param isExact runs podman's command, see `dockerListNetworks` */
export function readNetworks(request: DockerRequest, node?: string, isExact = false): Promise<readonly DockerNetwork[]> {
  return runOnAllNodes(request, dockerListNetworks, isExact ? { exact: true } : {}, { node });
}

/** Returns the networks that match. If `readNetworks` finds none, podman's command is asked, because podman's service may miss one. */
export async function findNetworks(
  request: DockerRequest,
  isWanted: (network: DockerNetwork) => boolean,
  node?: string,
): Promise<readonly DockerNetwork[]> {
  const found = (await readNetworks(request, node)).filter(isWanted);
  return found.length > 0 ? found : (await readNetworks(request, node, true)).filter(isWanted);
}

/**
 * Returns the node for a new container: one that has its network, which does not reach other nodes.
 * @param preferred the node of the container's session: returned if it has the network, or if no node has, as for the mode `none`
 * @returns `undefined` if any node will do
 */
export async function networkNode(
  request: DockerRequest,
  network: string | undefined,
  preferred: string | undefined,
): Promise<string | undefined> {
  if (request.ctx.state.dockerSession || network === undefined || request.parts.fleet.nodes.size < 2) return preferred;
  const nodes = (await findNetworks(request, ({ Name }) => Name === network)).map(({ Node }) => Node);
  return preferred !== undefined && (nodes.length === 0 || nodes.includes(preferred)) ? preferred : (nodes[0] ?? preferred);
}

/** Returns the names of the nodes that a request is about: that of its session, else all that are not offline. @throws ApiError (503) */
export function nodesOf(request: DockerRequest): readonly string[] {
  const { dockerSession } = request.ctx.state;
  return dockerSession ? [dockerSession.node] : reachableNodes(request);
}
