import { type CountedPodman, createPodman, type PodmanOptions } from '@podman-api/podman';
import { findPodmanSettings } from '@podman-api/runtime';
import { prepareStorage } from './storage.ts';

/** Creates the driver of the installed podman with the storage of the tests. @param limit commands that run at the same time */
export function testPodman(limit = 4, more: Partial<PodmanOptions> = {}): CountedPodman {
  return createPodman({ limit, containersConf: findPodmanSettings(), env: prepareStorage(), ...more });
}
