import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findPodmanSettings } from '@podman-api/runtime';
import { images } from '@podman-api/testing/images';
import { startRegistry, trustRegistries } from '@podman-api/testing/registry';
import { prepareStorage } from '@podman-api/testing/storage';
import { type Cluster, createCluster } from './cluster/cluster.ts';
import { removeContainers, startMarksContainer } from './observed/containers.ts';
import type { OwnResources } from './observed/observed-state.ts';
import { createPodmanRunner, type PodmanRunner } from './observed/podman.ts';
import { prefixOf } from './observed/pool.ts';
import { findPodmanProcesses } from './observed/processes.ts';

/** Environment of a run: processes, containers and a folder. */
export interface ChaosEnvironment extends OwnResources {
  readonly cluster: Cluster;
  readonly podman: PodmanRunner;
  /** Data and logs. */
  readonly folder: string;
  readonly image: string;
  /** Ends all processes. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Removes all containers and, unless it is kept, the folder. */
  cleanUp(keepFolder: boolean): Promise<void>;
}

/** Creates an empty environment; `startEnvironment` starts its processes. */
export async function createEnvironment(): Promise<ChaosEnvironment> {
  const prefix = `chaos-${randomBytes(3).toString('hex')}`;
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-chaos-'));
  const settings = findPodmanSettings();
  const registry = await startRegistry();
  const env = {
    ...process.env,
    ...prepareStorage(),
    ...trustRegistries(join(folder, 'registries.conf'), [registry.host]),
    ...(settings !== undefined && { CONTAINERS_CONF: settings }),
    // A registry in a private network must be listed literally.
    ALLOWED_IMAGES: `${registry.host}/*,*`,
  };
  const cluster = await createCluster(folder, prefix, env);
  const podman = createPodmanRunner(env);
  return {
    cluster,
    podman,
    folder,
    prefix,
    image: images.plain,
    volume: `${prefix}-runs`,
    pulledImage: `${registry.host}/${prefix}:1`,
    marksContainers: [`${prefix}-marks-1`, `${prefix}-marks-2`, `${prefix}-marks-3`],
    async end(signal) {
      const [redis, ...apps] = cluster.members;
      await Promise.all(apps.map(app => app.shutDown(signal)));
      await redis?.shutDown('SIGKILL');
    },
    async cleanUp(keepFolder) {
      await removeContainers(podman, prefixOf(prefix));
      await removeContainers(podman, prefix);
      // Podman commands of a dead worker continue and may still create a container.
      while (findPodmanProcesses(prefix).length > 0) await delay(100);
      await removeContainers(podman, prefixOf(prefix));
      await removeContainers(podman, prefix);
      await podman('volume', 'rm', '--force', '--', `${prefix}-runs`);
      await podman('rmi', '--force', '--', `${registry.host}/${prefix}:1`).catch(() => {});
      await registry.stop();
      if (!keepFolder) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts the processes and the containers that keep marks; resolves when both API processes answer. */
export async function startEnvironment({ cluster, podman, marksContainers, image, volume, pulledImage }: ChaosEnvironment): Promise<void> {
  for (const member of cluster.members) member.start();
  await podman('volume', 'create', '--', volume);
  await Promise.all(marksContainers.map(name => startMarksContainer(podman, name, image, volume)));
  await podman('push', '--', image, pulledImage);
}
