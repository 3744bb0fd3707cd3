import { type Volume, volumeOperations } from '@podman-api/operations';
import { readBody } from '../../request/body.ts';
import { BodyReader } from '../body-reader.ts';
import { matchesFilters, readFilters } from '../filters.ts';
import { sessionNode, withSessionLabel } from '../placement.ts';
import { type DockerRequest, type DockerRoute, notImplemented, param } from '../route.ts';
import { runOnAllNodes, runTask } from '../run-task.ts';

/** Turns a volume of the REST API into Docker's. Paths of the host are left out. */
function toDocker({ name, driver, created, labels, options }: Volume): object {
  return { Name: name, Driver: driver, Mountpoint: '', CreatedAt: created, Labels: labels, Options: options, Scope: 'local' };
}

const listVolumes: DockerRoute = {
  method: 'GET',
  path: '/volumes',
  async handle(request) {
    const { dangling, label, ...filters } = readFilters(request, ['name', 'label', 'dangling', 'driver']);
    const volumes = await runOnAllNodes(request, volumeOperations.list, {
      ...(label && { label }),
      ...(dangling && { dangling: /^(1|true)$/i.test(dangling[0] ?? '') }),
    });
    const wanted = volumes.filter(({ name }) => matchesFilters({ name, labels: {} }, filters));
    request.ctx.body = { Volumes: wanted.map(toDocker), Warnings: [] };
  },
};

const createVolume: DockerRoute = {
  method: 'POST',
  path: '/volumes/create',
  async handle(request) {
    const body = new BodyReader(await readBody(request.ctx, request.parts.config.MAX_BODY));
    const [name, driver, options] = [body.string('Name'), body.string('Driver'), body.stringMap('DriverOpts')];
    const labels = withSessionLabel(request, body.stringMap('Labels'));
    if (driver !== undefined && driver !== 'local') throw notImplemented(`The driver ${driver}`, 'use local');
    if (options) throw notImplemented('DriverOpts', 'create the volume by the REST API');
    body.finish();
    const input = { ...(name !== undefined && { name }), ...(labels && { labels }) };
    // Docker's create is idempotent.
    const existing = name === undefined ? undefined : await findVolume(request, name);
    request.ctx.status = 201;
    request.ctx.body = toDocker(
      existing ?? (await runTask(request, volumeOperations.create, input, { node: await sessionNode(request, labels) })),
    );
  },
};

/** Returns the volume with a name, of any node; `undefined` if there is none. */
async function findVolume(request: DockerRequest, name: string): Promise<Volume | undefined> {
  const volumes = await runOnAllNodes(request, volumeOperations.list, { name });
  return volumes.find(volume => volume.name === name);
}

const inspectVolume: DockerRoute = {
  method: 'GET',
  path: '/volumes/:name',
  async handle(request) {
    request.ctx.body = toDocker(await runTask(request, volumeOperations.inspect, { name: param(request, 'name') }));
  },
};

const removeVolume: DockerRoute = {
  method: 'DELETE',
  path: '/volumes/:name',
  async handle(request) {
    await runTask(request, volumeOperations.remove, { name: param(request, 'name') });
    request.ctx.status = 204;
  },
};

const pruneVolumes: DockerRoute = {
  method: 'POST',
  path: '/volumes/prune',
  async handle(request) {
    const { label, all } = readFilters(request, ['label', 'all']);
    // Docker removes volumes with names only if it is asked to, since version 1.42 of its API.
    if (!all?.some(value => value === 'true' || value === '1'))
      throw notImplemented('pruning only volumes without names', 'add --filter all=true to remove those with names too');
    const removed = await runOnAllNodes(request, volumeOperations.prune, label ? { label } : {});
    request.ctx.body = { VolumesDeleted: removed.map(({ name }) => name), SpaceReclaimed: 0 };
  },
};

/** The routes of volumes. */
export const volumeRoutes: readonly DockerRoute[] = [listVolumes, createVolume, pruneVolumes, inspectVolume, removeVolume];
