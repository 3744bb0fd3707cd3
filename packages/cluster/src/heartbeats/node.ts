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
  /** podman commands that all of them together may run at once. */
  readonly max_workers: number;
  /** podman commands that run now. */
  readonly running: number;
  /** Containers, running and stopped; `null` while unknown. */
  readonly containers: number | null;
  readonly last_seen: string;
}

/** The reports from which a node is described. */
export interface NodeParts {
  /** Reports of the workers that are alive; empty for an offline node. */
  readonly alive: readonly WorkerReport[];
  /** The last report of any of its workers. */
  readonly last: WorkerReport;
  /** The time of that report, in seconds since 1970. */
  readonly lastSeenSeconds: number;
  readonly isDraining: boolean;
}

/** Describes a node by the reports of its workers. */
export function describeNode({ alive, last, lastSeenSeconds, isDraining }: NodeParts): Node {
  const canTakeJobs = alive.some(({ stopping }) => !stopping);
  const sum = (read: (report: WorkerReport) => number) => alive.reduce((total, report) => total + read(report), 0);
  return {
    name: last.node,
    status: !canTakeJobs ? 'offline' : isDraining ? 'draining' : 'ready',
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
    last_seen: new Date(lastSeenSeconds * 1000).toISOString(),
  };
}
