import { archiveRoutes } from './containers/archive.ts';
import { createAttachRoutes } from './containers/attach.ts';
import { containerChanges } from './containers/changes.ts';
import { commitContainer } from './containers/commit.ts';
import { createContainerRoute } from './containers/create.ts';
import { readLogs } from './containers/logs.ts';
import { pruneContainers } from './containers/prune.ts';
import { containerReads } from './containers/reads.ts';
import { readStats } from './containers/stats.ts';
import { waitForContainer } from './containers/wait.ts';
import { createExecRoutes } from './exec/exec.ts';
import { imageArchiveRoutes } from './images/archives.ts';
import { buildImage } from './images/build.ts';
import { imageRoutes } from './images/images.ts';
import { pullImage, pushImage } from './images/pull.ts';
import { networkRoutes } from './networks/networks.ts';
import { type DockerRoute, notImplemented } from './route.ts';
import { RyukContainers } from './ryuk/ryuk-containers.ts';
import { withRyuks } from './ryuk/ryuk-routes.ts';
import { sessionRoutes } from './sessions/routes.ts';
import { openTunnel } from './sessions/tunnel.ts';
import { readEvents } from './system/events.ts';
import { systemRoutes } from './system/system.ts';
import { volumeRoutes } from './volumes/volumes.ts';

/** Parts of Docker's API that this service does not support: what to do instead, by the prefix of the path. */
const unsupported: Readonly<Record<string, string>> = {
  '/session': 'only BuildKit uses it, so build with DOCKER_BUILDKIT=0, or by the REST API',
  '/grpc': 'only BuildKit uses it, so build with DOCKER_BUILDKIT=0, or by the REST API',
  '/auth': 'send the credentials with each pull',
  '/swarm': 'podman-api has no swarm mode',
  '/nodes': 'podman-api has no swarm mode; the REST API lists the nodes of the fleet',
  '/services': 'podman-api has no swarm mode',
  '/tasks': 'podman-api has no swarm mode',
  '/secrets': 'podman-api has no swarm mode',
  '/configs': 'podman-api has no swarm mode',
  '/plugins': 'podman does not support plugins of Docker',
  '/system/df': 'list containers, images and volumes instead',
  '/distribution': 'pull the image instead',
};

const methods = ['GET', 'POST', 'PUT', 'DELETE'] as const;
const unsupportedRoutes = Object.entries(unsupported).flatMap(([path, advice]) =>
  methods.map(
    (method): DockerRoute => ({
      method,
      path: `${path}{/*below}`,
      handle() {
        throw notImplemented(path, advice);
      },
    }),
  ),
);

/**
 * Creates all routes; of those that match, the first one handles a request.
 * @param ryukHost address of this host that only local clients reach; `undefined` if there is none
 */
export function createDockerRoutes(ryukHost: string | undefined): readonly DockerRoute[] {
  const ryuks = new RyukContainers(ryukHost);
  const routes = [
    ...systemRoutes,
    readEvents,
    createContainerRoute(ryuks),
    pruneContainers,
    ...containerReads,
    ...archiveRoutes,
    readLogs,
    readStats,
    waitForContainer,
    ...createAttachRoutes(),
    ...containerChanges,
    commitContainer,
    ...createExecRoutes(),
    pullImage,
    pushImage,
    buildImage,
    ...imageArchiveRoutes,
    ...imageRoutes,
    ...networkRoutes,
    ...volumeRoutes,
    ...sessionRoutes,
    openTunnel,
    ...unsupportedRoutes,
  ];
  return withRyuks(routes, ryuks);
}
