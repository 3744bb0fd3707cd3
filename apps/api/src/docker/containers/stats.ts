import { type ContainerStats, containerOperations, followStats } from '@podman-api/operations';
import { streamItems } from '../../response/stream-items.ts';
import { readFirstEvents } from '../../routes/operations/stream-events.ts';
import { type DockerRequest, type DockerRoute, param, queryFlag } from '../route.ts';
import { checkTask, runTask } from '../run-task.ts';

/** Returns the resource usage of a container: once, or by default every second until the container has ended. */
export const readStats: DockerRoute = {
  method: 'GET',
  path: '/containers/:id/stats',
  async handle(request) {
    if (queryFlag(request, 'stream', true)) await streamSamples(request);
    else request.ctx.body = toDocker(await runTask(request, containerOperations.stats, { name: param(request, 'id') }));
  },
};

/** Streams samples, a line of JSON each. */
async function streamSamples(request: DockerRequest): Promise<void> {
  const { ctx, parts } = request;
  const input = checkTask(request, followStats, { name: param(request, 'id'), stream: true });
  const open = await readFirstEvents(ctx, parts, followStats, { input, prefer: { respondAsync: false, applied: '' } });
  streamItems(ctx, parts, {
    type: 'application/json',
    open,
    format: ({ data }) => (isSample(data) ? `${JSON.stringify(toDocker(data.stats))}\n` : ''),
    // White space between two values keeps the connection open, and parsers ignore it.
    ping: () => '\n',
    error: ({ message }) => `${JSON.stringify({ message })}\n`,
  });
  ctx.flushHeaders();
}

/** Whether an event has a sample; those at the beginning and the end of a stream have none. */
function isSample(data: object): data is { readonly stats: ContainerStats } {
  return 'stats' in data;
}

/** Returns a sample as Docker shows it. */
function toDocker(stats: ContainerStats): object {
  const totalNs = stats.cpu_ms * 1e6;
  // Clients divide the increase of the container's CPU time by that of the system's: these values give podman's `cpu_percent`.
  const spanNs = 1e9;
  const cpu = (used: number, system: number) => ({
    cpu_usage: { total_usage: used },
    system_cpu_usage: system,
    online_cpus: 1,
    throttling_data: {},
  });
  return {
    id: stats.id,
    name: `/${stats.name}`,
    read: stats.read_at,
    preread: stats.read_at,
    num_procs: 0,
    cpu_stats: cpu(totalNs, spanNs),
    precpu_stats: cpu(Math.max(0, totalNs - (stats.cpu_percent / 100) * spanNs), 0),
    memory_stats: { usage: stats.memory, limit: stats.memory_limit, stats: {} },
    pids_stats: { current: stats.pids },
    networks: { eth0: { rx_bytes: stats.network_input, tx_bytes: stats.network_output } },
    blkio_stats: {
      io_service_bytes_recursive: [
        { op: 'read', value: stats.block_input },
        { op: 'write', value: stats.block_output },
      ],
    },
  };
}
