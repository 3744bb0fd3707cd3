import { type CountedPodman, createPodman, type PodmanOptions } from '@podman-api/podman';
import { findPodmanSettings } from '@podman-api/runtime';
import { prepareStorage } from './storage.ts';

/** The real podman, in the tests' own storage. */
export function testPodman(limit = 4, more: Partial<PodmanOptions> = {}): CountedPodman {
  return createPodman({ limit, containersConf: findPodmanSettings(), env: prepareStorage(), ...more });
}
