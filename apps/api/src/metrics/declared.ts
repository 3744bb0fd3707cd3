/** A metric of ours, as its `# HELP` and `# TYPE` and docs/metrics.md have it. */
export interface Declared {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labelNames: readonly string[];
}

/** Of the whole fleet: every API process tells the same. */
export const ofFleet = {
  ends: {
    name: 'podman_api_jobs_total',
    type: 'counter',
    help: 'Jobs that have ended, by operation and by how they ended',
    labelNames: ['operation', 'status'],
  },
  errors: {
    name: 'podman_api_job_errors_total',
    type: 'counter',
    help: 'Jobs that ended failed, timed_out or unknown, by the type of their error',
    labelNames: ['type'],
  },
  waits: {
    name: 'podman_api_job_wait_seconds',
    type: 'histogram',
    help: 'How long jobs waited from when they were made until a worker began them',
    labelNames: ['operation'],
  },
  runs: { name: 'podman_api_job_run_seconds', type: 'histogram', help: 'How long jobs ran', labelNames: ['operation'] },
  queued: {
    name: 'podman_api_queue_jobs',
    type: 'gauge',
    help: 'Jobs in the queues of nodes: waiting, or active with a worker',
    labelNames: ['node', 'lane', 'state'],
  },
  limit: { name: 'podman_api_queue_limit', type: 'gauge', help: 'Jobs that may wait in a queue of a node (MAX_QUEUE)', labelNames: [] },
  nodes: { name: 'podman_api_nodes', type: 'gauge', help: 'Nodes, by status', labelNames: ['status'] },
  nodeUp: { name: 'podman_api_node_up', type: 'gauge', help: 'Whether a worker of the node takes jobs', labelNames: ['node'] },
  podmanUp: { name: 'podman_api_node_podman_up', type: 'gauge', help: 'Whether podman works on the node', labelNames: ['node'] },
  workers: { name: 'podman_api_workers', type: 'gauge', help: 'Worker processes that are alive', labelNames: ['node'] },
  running: { name: 'podman_api_commands_running', type: 'gauge', help: 'Podman commands that run now', labelNames: ['node'] },
  most: {
    name: 'podman_api_commands_limit',
    type: 'gauge',
    help: "Podman commands that the node's workers may run at once (MAX_WORKERS of each)",
    labelNames: ['node'],
  },
  containers: {
    name: 'podman_api_containers',
    type: 'gauge',
    help: 'Containers, running and stopped; none told where that is not known',
    labelNames: ['node'],
  },
} as const satisfies Readonly<Record<string, Declared>>;

/** Of the API process that is asked. */
export const ofProcess = {
  redisUp: {
    name: 'podman_api_redis_up',
    type: 'gauge',
    help: 'Whether Redis answers this API process; what is told of the fleet is missing while it does not',
    labelNames: [],
  },
  requests: {
    name: 'podman_api_http_requests_total',
    type: 'counter',
    help: 'HTTP requests that were answered, by the pattern of their route; none where there is no such route or nobody looked for it',
    labelNames: ['method', 'route', 'status'],
  },
  durations: {
    name: 'podman_api_http_request_duration_seconds',
    type: 'histogram',
    help: 'How long requests took until their answer began',
    labelNames: ['method', 'route'],
  },
} as const satisfies Readonly<Record<string, Declared>>;
