import { tmpdir } from 'node:os';
import { type CountedPodman, createPodman, type PodmanOptions } from '@podman-api/podman';
import { findPodmanSettings } from '@podman-api/runtime';
import { prepareStorage } from './storage.ts';

/** Creates the driver of the installed podman with the storage of the tests. @param limit commands that run at the same time */
export function testPodman(limit = 4, more: Partial<PodmanOptions> = {}): CountedPodman {
  // Conmon leaves a file oom in the working directory of podman when the kernel kills a process for memory.
  return createPodman({ limit, cwd: tmpdir(), containersConf: findPodmanSettings(), env: prepareStorage(), ...more });
}
