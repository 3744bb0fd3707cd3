import {
  type DockerListed,
  type DockerListInput,
  dockerInspectContainer,
  dockerListContainers,
  type RequestedTask,
} from '@podman-api/operations';
import { readFilters } from '../filters.ts';
import { field, objectsIn, stringField } from '../json.ts';
import { type DockerRoute, param, queryFlag, queryInteger } from '../route.ts';
import { operationNamed, runTask } from '../run-task.ts';

const listTask: RequestedTask = dockerListContainers;
const listFilters = ['label', 'status', 'id', 'name', 'ancestor', 'health', 'exited', 'network'];

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
    const found = await runTask(request, listTask, input);
    const containers: DockerListed[] = Array.isArray(found) ? found : [];
    const sorted = containers.sort((one, other) => other.Created - one.Created);
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
const fields = ['pid', 'ppid', 'user', 'state', 'cpu_percent', 'elapsed_seconds', 'rss', 'command'];

/** Lists the processes of a container, always with the same columns: `ps_args` chooses none. */
const listProcesses: DockerRoute = {
  method: 'GET',
  path: '/containers/:id/top',
  async handle(request) {
    const result = await runTask(request, operationNamed('container.top'), { name: param(request, 'id') });
    const rows = objectsIn(field(result, 'processes')).map(process => fields.map(name => String(field(process, name) ?? '')));
    request.ctx.body = { Titles: titles, Processes: rows };
  },
};

const kinds: Readonly<Record<string, number>> = { changed: 0, added: 1, deleted: 2 };

/** Lists the changes of a container's file system. */
const listChanges: DockerRoute = {
  method: 'GET',
  path: '/containers/:id/changes',
  async handle(request) {
    const result = await runTask(request, operationNamed('container.changes'), { name: param(request, 'id') });
    request.ctx.body = objectsIn(field(result, 'changes')).map(change => ({
      Path: stringField(change, 'path'),
      Kind: kinds[stringField(change, 'kind')] ?? 0,
    }));
  },
};

/** The routes that read containers. */
export const containerReads: readonly DockerRoute[] = [listContainers, inspectContainer, listProcesses, listChanges];
