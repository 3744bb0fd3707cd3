import { streamItems } from '../../answer/stream-items.ts';
import { readFirstEvents } from '../../routes/operations/stream-events.ts';
import { numberField, objectField, stringField } from '../json.ts';
import { type DockerRequest, type DockerRoute, param, queryFlag } from '../route.ts';
import { checkTask, operationNamed, runTask } from '../run-task.ts';

/** Returns what a container uses, once or, as clients want by default, every second until it has ended. */
export const readStats: DockerRoute = {
  method: 'GET',
  path: '/containers/:id/stats',
  async handle(request) {
    if (queryFlag(request, 'stream', true)) await streamSamples(request);
    else request.ctx.body = toDocker(await runTask(request, operationNamed('container.stats'), { name: param(request, 'id') }));
  },
};

/** Streams samples, a line of JSON each. */
async function streamSamples(request: DockerRequest): Promise<void> {
  const { ctx, parts } = request;
  const operation = operationNamed('container.follow_stats');
  const input = checkTask(request, operation, { name: param(request, 'id'), stream: true });
  const open = await readFirstEvents(ctx, parts, operation, { input, prefer: { respondAsync: false, applied: '' } });
  streamItems(ctx, parts, {
    type: 'application/json',
    open,
    format: ({ event, data }) => (event === 'stats' ? `${JSON.stringify(toDocker(objectField(data, 'stats')))}\n` : ''),
    // White space between two values keeps the connection open, and parsers ignore it.
    ping: () => '\n',
    error: ({ message }) => `${JSON.stringify({ message })}\n`,
  });
  ctx.flushHeaders();
}

function toDocker(stats: object): object {
  const number = (name: string) => numberField(stats, name) ?? 0;
  const totalNs = number('cpu_ms') * 1e6;
  const isoTime = stringField(stats, 'read_at');
  // Clients compute the share from two samples of the container and of the system: these give podman's share of one CPU.
  const spanNs = 1e9;
  const cpu = (used: number, system: number) => ({
    cpu_usage: { total_usage: used },
    system_cpu_usage: system,
    online_cpus: 1,
    throttling_data: {},
  });
  return {
    id: stringField(stats, 'id'),
    name: `/${stringField(stats, 'name')}`,
    read: isoTime,
    preread: isoTime,
    num_procs: 0,
    cpu_stats: cpu(totalNs, spanNs),
    precpu_stats: cpu(Math.max(0, totalNs - (number('cpu_percent') / 100) * spanNs), 0),
    memory_stats: { usage: number('memory'), limit: number('memory_limit'), stats: {} },
    pids_stats: { current: number('pids') },
    networks: { eth0: { rx_bytes: number('network_input'), tx_bytes: number('network_output') } },
    blkio_stats: {
      io_service_bytes_recursive: [
        { op: 'read', value: number('block_input') },
        { op: 'write', value: number('block_output') },
      ],
    },
  };
}
