import { containerOperations, type DockerListInput, dockerInspectContainer, dockerListContainers } from '@podman-api/operations';
import { readFilters } from '../filters.ts';
import { type DockerRoute, param, queryFlag, queryInteger } from '../route.ts';
import { runOnAllNodes, runTask } from '../run-task.ts';

/** Filters of the list of containers. */
export const listFilters = ['label', 'status', 'id', 'name', 'ancestor', 'health', 'exited', 'network'];

/** Lists containers, the newest first; `limit` counts over the fleet. */
const listContainers: DockerRoute = {
  method: 'GET',
  path: '/containers/json',
  async handle(request) {
    const { exited, ...filters } = readFilters(request, listFilters);
    const limit = queryInteger(request, 'limit');
    const isLimited = limit !== undefined && limit > 0;
    const input: DockerListInput = {
      ...filters,
      ...(exited && { exited: exited.map(Number) }),
      all: queryFlag(request, 'all') || isLimited,
    };
    const containers = await runOnAllNodes(request, dockerListContainers, input);
    const sorted = containers.toSorted((one, other) => other.Created - one.Created);
    request.ctx.body = isLimited ? sorted.slice(0, limit) : sorted;
  },
};

/** Inspects a container. Clients poll it until ports appear. */
const inspectContainer: DockerRoute = {
  method: 'GET',
  path: '/containers/:id/json',
  async handle(request) {
    request.ctx.body = await runTask(request, dockerInspectContainer, { name: param(request, 'id') });
  },
};

const titles = ['PID', 'PPID', 'USER', 'STAT', '%CPU', 'ELAPSED', 'RSS', 'COMMAND'];
const fields = ['pid', 'ppid', 'user', 'state', 'cpu_percent', 'elapsed_seconds', 'rss', 'command'] as const;

/** Lists the processes of a container, always with the same columns: `ps_args` chooses none. */
const listProcesses: DockerRoute = {
  method: 'GET',
  path: '/containers/:id/top',
  async handle(request) {
    const { processes } = await runTask(request, containerOperations.top, { name: param(request, 'id') });
    request.ctx.body = { Titles: titles, Processes: processes.map(process => fields.map(name => String(process[name]))) };
  },
};

const kinds = { changed: 0, added: 1, deleted: 2 } as const;

/** Lists the changes of a container's file system. */
const listChanges: DockerRoute = {
  method: 'GET',
  path: '/containers/:id/changes',
  async handle(request) {
    const { changes } = await runTask(request, containerOperations.changes, { name: param(request, 'id') });
    request.ctx.body = changes.map(({ path, kind }) => ({ Path: path, Kind: kinds[kind] }));
  },
};

/** The routes that read containers. */
export const containerReads: readonly DockerRoute[] = [listContainers, inspectContainer, listProcesses, listChanges];
