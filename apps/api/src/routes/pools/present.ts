import type { Fleet, Pool, PoolReport } from '@podman-api/cluster';
import { poolSpecification, validateAgainst } from '@podman-api/operations';

/** A pool in a response. */
export interface ShownPool extends Pick<Pool, 'name' | 'size' | 'max_idle_seconds' | 'node_selector' | 'created_at' | 'updated_at'> {
  /** The specification of its containers; values of environment variables are masked. */
  readonly container: object;
  /** Idle containers of all nodes. */
  readonly idle: number;
  /** The ready nodes that match. */
  readonly nodes: readonly ShownPoolNode[];
}

/** State of a pool on a node. */
export interface ShownPoolNode extends PoolReport {
  readonly node: string;
}

/** Returns a pool for a response, with its state on each ready node that matches. */
export function presentPool(pool: Pool, { nodes, workers }: Pick<Fleet, 'nodes' | 'workers'>): ShownPool {
  const { name, size, max_idle_seconds, node_selector, created_at, updated_at } = pool;
  const selector = Object.entries(node_selector);
  const states = [...nodes.values()]
    .filter(({ status, labels }) => status === 'ready' && selector.every(([label, value]) => labels[label] === value))
    .map(({ name: node }): ShownPoolNode => {
      const [report] = workers.flatMap(worker => (worker.node === node ? (worker.pools[name] ?? []) : []));
      return { node, idle: report?.idle ?? 0, error: report?.error ?? null, retry_at: report?.retry_at ?? null };
    });
  const idle = states.reduce((sum, state) => sum + state.idle, 0);
  return {
    name,
    size,
    idle,
    max_idle_seconds,
    node_selector,
    container: maskEnvironment(pool.container),
    nodes: states,
    created_at,
    updated_at,
  };
}

/** Masks the values of environment variables. */
function maskEnvironment(container: object): object {
  const { environment, ...specification } = validateAgainst(poolSpecification, container, { convert: false });
  if (environment === undefined) return specification;
  return { ...specification, environment: Object.fromEntries(Object.keys(environment).map(name => [name, '***'])) };
}
