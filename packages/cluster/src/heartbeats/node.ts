import type { WorkerReport } from './worker-report.ts';

/** A host with one podman, as last reported by its workers. */
export interface Node {
  readonly name: string;
  /** `offline`: none of its workers takes jobs. `draining`: it gets no new containers. */
  readonly status: 'ready' | 'draining' | 'offline';
  /** Whether podman works there. */
  readonly podman: 'connected' | 'disconnected';
  readonly podman_version: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly arch: string;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  /** Worker processes that are alive. */
  readonly workers: number;
  /** podman commands that they may run at once, all together. */
  readonly max_workers: number;
  /** podman commands that run now. */
  readonly running: number;
  /** Containers, running and stopped; `null` while that is not known. */
  readonly containers: number | null;
  readonly last_seen: string;
}

/** What is known of a node's workers. */
export interface NodeParts {
  /** Reports of the workers that are alive; empty for an offline node. */
  readonly alive: readonly WorkerReport[];
  /** The last report of any of its workers, and its time in seconds since 1970. */
  readonly last: WorkerReport;
  readonly seen: number;
  readonly draining: boolean;
}

export function nodeOf({ alive, last, seen, draining }: NodeParts): Node {
  const takes = alive.some(({ stopping }) => !stopping);
  const sum = (of: (report: WorkerReport) => number) => alive.reduce((total, report) => total + of(report), 0);
  return {
    name: last.node,
    status: !takes ? 'offline' : draining ? 'draining' : 'ready',
    podman: alive.some(({ podman }) => podman.working) ? 'connected' : 'disconnected',
    podman_version: last.podman.version,
    labels: last.labels,
    arch: last.arch,
    cpus: last.cpus,
    memory: last.memory,
    workers: alive.length,
    max_workers: sum(({ max_workers }) => max_workers),
    running: sum(({ running }) => running),
    containers: alive.find(({ containers }) => containers !== null)?.containers ?? last.containers,
    last_seen: new Date(seen * 1000).toISOString(),
  };
}
