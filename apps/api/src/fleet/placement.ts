import { ApiError } from '@podman-api/errors';
import { type Fleet, type Node, noNodes, noWorker } from '@podman-api/queue';

/** What a create says of where it wants to be. */
export interface Wish {
  readonly node?: string;
  readonly node_selector?: Readonly<Record<string, string>>;
}

/** Chooses nodes for new containers. */
export interface Placement {
  /**
   * The node for a new container: the one that is named, or else the least loaded of those that are ready and match.
   * @throws ApiError (404) for a node that is not known, (503) where none may have it now
   */
  choose(wish: Wish): string;
}

/** What a node has just been given is not in what its worker told last, for so long, in ms: two looks and a beat. */
const untold = 3000;

/**
 * The load of a node: the containers that are there, those that it has just been given, and the commands that run, by
 * the number of commands that its workers may run at once.
 */
export function createPlacement(fleet: Pick<Fleet, 'nodes'>): Placement {
  let given: { readonly node: string; readonly at: number }[] = [];
  const loadOf = ({ name, containers, running, max_workers }: Node) => {
    const underWay = given.filter(({ node }) => node === name).length;
    return ((containers ?? 0) + underWay + running) / Math.max(max_workers, 1);
  };
  const least = (nodes: readonly Node[]) => {
    const [first, ...others] = nodes.map(node => ({ name: node.name, load: loadOf(node) }));
    return others.reduce((best, one) => (best && one.load >= best.load ? best : one), first);
  };
  return {
    choose({ node, node_selector = {} }) {
      const now = performance.now();
      given = given.filter(({ at }) => now - at < untold);
      const chosen = node === undefined ? least(fitting(fleet, node_selector))?.name : named(fleet, node).name;
      if (chosen === undefined) throw nobody(fleet, node_selector);
      given.push({ node: chosen, at: now });
      return chosen;
    },
  };
}

function fitting({ nodes }: Pick<Fleet, 'nodes'>, selector: Readonly<Record<string, string>>): readonly Node[] {
  const wanted = Object.entries(selector);
  return [...nodes.values()].filter(
    ({ status, podman, labels }) =>
      status === 'ready' && podman === 'connected' && wanted.every(([label, value]) => labels[label] === value),
  );
}

function named({ nodes }: Pick<Fleet, 'nodes'>, name: string): Node {
  const node = nodes.get(name);
  if (!node) throw unknownNode(name);
  if (node.status === 'offline') throw noWorker(name);
  if (node.status === 'draining') {
    const message = `The node ${name} gets no new containers now: choose another, or resume it (POST /nodes/${name}/resume).`;
    throw new ApiError('ServiceUnavailableError', message);
  }
  return node;
}

/** The 404 of a node that is not known. */
export function unknownNode(name: string): ApiError {
  return new ApiError('NotFoundError', `There is no node ${name}: GET /nodes lists those that there are.`);
}

function nobody({ nodes }: Pick<Fleet, 'nodes'>, selector: Readonly<Record<string, string>>): ApiError {
  const labels = Object.entries(selector).map(([label, value]) => `${label}=${value}`);
  if (labels.length > 0) {
    const message = `No ready node matches node_selector ${labels.join(',')}: GET /nodes lists the labels that there are.`;
    return new ApiError('ServiceUnavailableError', message);
  }
  const [only, ...others] = nodes.values();
  if (!only) return noNodes();
  if (others.length === 0 && only.status === 'offline') return noWorker(only.name);
  return new ApiError('ServiceUnavailableError', 'No node is ready for new containers: GET /nodes tells why.');
}
