import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type CountedPodman, createPodman, createPodmanService, type PodmanOptions, type PodmanService } from '@podman-api/podman';
import { findPodmanSettings } from '@podman-api/runtime';
import { prepareStorage } from './storage.ts';

/** Runs podman without the variable CONTAINER_HOST. */
const localPodman = fileURLToPath(new URL('local-podman.sh', import.meta.url));

/** Creates the driver of the installed podman with the storage of the tests. @param maxProcesses podman processes that run at the same time */
export function testPodman(maxProcesses = 4, overrides: Partial<PodmanOptions> = {}): CountedPodman {
  return createPodman({ ...hostOfTests(), maxProcesses, ...overrides });
}

/**
 * Creates a driver that takes the podman of the tests for one on another machine: it reads no files of podman, and looks at no
 * processes.
 */
export function testRemotePodman(): CountedPodman {
  const host = hostOfTests();
  return createPodman({ ...host, maxProcesses: 4, binary: localPodman, env: { ...host.env, CONTAINER_HOST: '' } });
}

/** Creates the service of the installed podman with the storage of the tests. @param folder for its sockets */
export function testPodmanService(folder: string): PodmanService {
  return createPodmanService(folder, hostOfTests());
}

function hostOfTests() {
  // Conmon leaves a file oom in the working directory of podman when the kernel kills a process for memory.
  return { cwd: tmpdir(), containersConf: findPodmanSettings(), env: prepareStorage() };
}
