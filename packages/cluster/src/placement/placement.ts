import { ApiError } from '@podman-api/errors';
import { noWorkerError } from '@podman-api/jobs';
import type { Fleet } from '../heartbeats/fleet.ts';
import type { Node } from '../heartbeats/node.ts';
import { noNodesError, unknownNodeError } from '../heartbeats/node-errors.ts';

/** Requirements of a caller for the node of a new container. */
export interface PlacementRequest {
  readonly node?: string;
  readonly node_selector?: Readonly<Record<string, string>>;
  /** The name of a pool: nodes with idle containers of it are preferred. */
  readonly pool?: string;
}

/** A node that was chosen for a new container. The container counts towards its load until the node reports it. */
export interface ChosenNode {
  readonly node: string;
  /** Must be called when the create has finished, or when no caller waits for it any more. */
  markFinished(): void;
}

/** Chooses nodes for new containers. */
export interface Placement {
  /**
   * Returns the node for a new container: the one that is named, or else the least loaded of those that are ready and match.
   * @throws ApiError (404) for a node that does not exist, (503) if no node can take it now
   */
  choose(request: PlacementRequest): ChosenNode;
}

/** Time for which a created container may be missing in the report of its node: two readings and a heartbeat. */
const reportDelayMs = 3000;

/**
 * Creates a placement. The load of a node is the sum of its containers, those just placed on it and its running commands,
 * divided by the number of commands that its workers may run at once.
 */
export function createPlacement(fleet: Pick<Fleet, 'nodes' | 'workers'>): Placement {
  let unreported: { readonly node: string; readonly pool: string | undefined; finishedAtMs?: number }[] = [];
  const computeLoad = ({ name, containers, running, max_workers }: Node) => {
    const placed = unreported.filter(({ node }) => node === name).length;
    return ((containers ?? 0) + placed + running) / Math.max(max_workers, 1);
  };
  const countIdle = (node: string, pool: string) => {
    const reported = fleet.workers.filter(worker => worker.node === node).map(({ pools }) => pools[pool]?.idle ?? 0);
    return Math.max(0, ...reported) - unreported.filter(one => one.node === node && one.pool === pool).length;
  };
  const preferIdle = (nodes: readonly Node[], pool: string | undefined) => {
    const withIdle = pool === undefined ? [] : nodes.filter(({ name }) => countIdle(name, pool) > 0);
    return withIdle.length > 0 ? withIdle : nodes;
  };
  const findLeastLoaded = (nodes: readonly Node[]) => {
    const [first, ...others] = nodes.map(node => ({ name: node.name, load: computeLoad(node) }));
    return others.reduce((best, one) => (best && one.load >= best.load ? best : one), first);
  };
  return {
    choose({ node, node_selector = {}, pool }) {
      const now = performance.now();
      unreported = unreported.filter(({ finishedAtMs }) => finishedAtMs === undefined || now - finishedAtMs < reportDelayMs);
      const matching = node === undefined ? preferIdle(findMatching(fleet, node_selector), pool) : [findNamed(fleet, node)];
      const chosen = findLeastLoaded(matching)?.name;
      if (chosen === undefined) throw noMatchError(fleet, node_selector);
      const placed: (typeof unreported)[number] = { node: chosen, pool };
      unreported.push(placed);
      return {
        node: chosen,
        markFinished() {
          placed.finishedAtMs = performance.now();
        },
      };
    },
  };
}

function findMatching({ nodes }: Pick<Fleet, 'nodes'>, selector: Readonly<Record<string, string>>): readonly Node[] {
  const wanted = Object.entries(selector);
  return [...nodes.values()].filter(
    ({ status, podman, labels }) =>
      status === 'ready' && podman === 'connected' && wanted.every(([label, value]) => labels[label] === value),
  );
}

function findNamed({ nodes }: Pick<Fleet, 'nodes'>, name: string): Node {
  const node = nodes.get(name);
  if (!node) throw unknownNodeError(name);
  if (node.status === 'offline') throw noWorkerError(name);
  if (node.status === 'draining') {
    const message = `The node ${name} is draining and accepts no new containers: choose another, or resume it (POST /nodes/${name}/resume).`;
    throw new ApiError('ServiceUnavailableError', message);
  }
  return node;
}

function noMatchError({ nodes }: Pick<Fleet, 'nodes'>, selector: Readonly<Record<string, string>>): ApiError {
  const labels = Object.entries(selector).map(([label, value]) => `${label}=${value}`);
  if (labels.length > 0) {
    const message = `No ready node matches node_selector ${labels.join(',')}: GET /nodes lists the labels of all nodes.`;
    return new ApiError('ServiceUnavailableError', message);
  }
  const [only, ...others] = nodes.values();
  if (!only) return noNodesError();
  if (others.length === 0 && only.status === 'offline') return noWorkerError(only.name);
  return new ApiError('ServiceUnavailableError', 'No node is ready for new containers: GET /nodes returns the status of each.');
}
