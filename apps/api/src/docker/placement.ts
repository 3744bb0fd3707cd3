import { createHash } from 'node:crypto';
import { type DockerNetwork, dockerListNetworks } from '@podman-api/operations';
import { textField } from './json.ts';
import type { DockerRequest } from './route.ts';
import { runTask } from './run-task.ts';

/** Labels whose value names a session: all containers, networks and volumes of one are on one node. */
const sessionLabels = ['org.testcontainers.session-id', 'org.testcontainers.sessionId', 'com.docker.compose.project'];

/**
 * Returns the node of the session that a request belongs to: by the header `x-tc-sid`, or by a label of Testcontainers or Compose. Every
 * API process chooses the same one as long as the nodes stay the same (rendezvous hashing, Thaler and Ravishankar 1998).
 * @returns `undefined` if the request belongs to no session, or no node is ready
 */
export function sessionNode({ ctx, parts: { fleet } }: DockerRequest, labels: object = {}): string | undefined {
  const session = ctx.get('x-tc-sid') || sessionLabels.map(label => textField(labels, label)).find(value => value !== '');
  if (session === undefined || session === '') return undefined;
  const ready = [...fleet.nodes.values()].filter(({ status, podman }) => status === 'ready' && podman === 'connected');
  const score = (node: string) => createHash('sha256').update(`${session}\n${node}`).digest('hex');
  return ready.map(({ name }) => name).sort((one, other) => score(one).localeCompare(score(other)))[0];
}

/** Reads the networks of all nodes, or of one. */
export async function readNetworks(request: DockerRequest, node?: string): Promise<readonly DockerNetwork[]> {
  const networks = await runTask(request, dockerListNetworks, {}, { node });
  return Array.isArray(networks) ? networks : [];
}

/**
 * Returns the node of a container in a network.
 * @returns `undefined` for a fleet of one node, and for a mode such as `none` or podman's default network, which every node has
 */
export async function networkNode(
  request: DockerRequest,
  network: string | undefined,
  preferred: string | undefined,
): Promise<string | undefined> {
  if (network === undefined || request.parts.fleet.nodes.size < 2) return preferred;
  const nodes = (await readNetworks(request)).filter(({ Name }) => Name === network).map(({ Node }) => Node);
  return preferred !== undefined && (nodes.length === 0 || nodes.includes(preferred)) ? preferred : (nodes[0] ?? preferred);
}
