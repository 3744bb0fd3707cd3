/** A metric of this service, as in its `# HELP` and `# TYPE` lines and in docs/observability.md. */
export interface MetricDeclaration {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labelNames: readonly string[];
}

/** Metrics of the whole fleet: every API process reports the same values. */
export const fleetMetrics = {
  ends: {
    name: 'podman_api_jobs_total',
    type: 'counter',
    help: 'Ended jobs, by operation and status',
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
    help: 'Time from the creation of a job until a worker begins it',
    labelNames: ['operation'],
  },
  runs: { name: 'podman_api_job_run_seconds', type: 'histogram', help: 'Run time of jobs', labelNames: ['operation'] },
  queued: {
    name: 'podman_api_queue_jobs',
    type: 'gauge',
    help: 'Jobs in the queues of nodes: waiting, or active in a worker',
    labelNames: ['node', 'lane', 'state'],
  },
  limit: { name: 'podman_api_queue_limit', type: 'gauge', help: 'Jobs that can wait in each queue of a node (MAX_QUEUE)', labelNames: [] },
  nodes: { name: 'podman_api_nodes', type: 'gauge', help: 'Nodes, by status', labelNames: ['status'] },
  nodeUp: { name: 'podman_api_node_up', type: 'gauge', help: 'Whether a worker of the node takes jobs', labelNames: ['node'] },
  podmanUp: { name: 'podman_api_node_podman_up', type: 'gauge', help: 'Whether podman works on the node', labelNames: ['node'] },
  workers: { name: 'podman_api_workers', type: 'gauge', help: 'Live worker processes', labelNames: ['node'] },
  running: { name: 'podman_api_commands_running', type: 'gauge', help: 'Podman commands that are running', labelNames: ['node'] },
  commandsLimit: {
    name: 'podman_api_commands_limit',
    type: 'gauge',
    help: "Podman commands that the node's workers can run at once (sum of MAX_WORKERS)",
    labelNames: ['node'],
  },
  containers: {
    name: 'podman_api_containers',
    type: 'gauge',
    help: 'Containers, running and stopped; absent if unknown',
    labelNames: ['node'],
  },
} as const satisfies Readonly<Record<string, MetricDeclaration>>;

/** Metrics of the API process that is scraped. */
export const processMetrics = {
  redisUp: {
    name: 'podman_api_redis_up',
    type: 'gauge',
    help: 'Whether Redis answers this API process; metrics of the fleet are absent while it does not',
    labelNames: [],
  },
  requests: {
    name: 'podman_api_http_requests_total',
    type: 'counter',
    help: 'Answered HTTP requests, by route pattern; the route is none if no route matches or the request was refused before routing',
    labelNames: ['method', 'route', 'status'],
  },
  durations: {
    name: 'podman_api_http_request_duration_seconds',
    type: 'histogram',
    help: 'Time from a request until its response begins',
    labelNames: ['method', 'route'],
  },
} as const satisfies Readonly<Record<string, MetricDeclaration>>;
