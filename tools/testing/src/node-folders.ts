import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createPodman, type Podman } from '@podman-api/podman';
import { findPodmanSettings } from '@podman-api/runtime';
import { hasNetworks, prepareNetworks } from './node-networks.ts';
import { until } from './poll.ts';
import { listProcesses } from './processes.ts';
import { formatSettings, formatStorageConf, removeStorages, runRootOf, testFolder, testImageStoreRoot } from './storage.ts';

/** Prefix of the names of the folders of test fleets, which are in `testFolder`. Each has a folder for each node. */
export const nodesPrefix = 'nodes-';

/** Returns the folders of test fleets. A killed run leaves its own. */
export function findNodesFolders(): readonly string[] {
  if (!existsSync(testFolder)) return [];
  return readdirSync(testFolder)
    .filter(name => name.startsWith(nodesPrefix))
    .map(name => join(testFolder, name));
}

/**
 * Prepares the folder of a node: a storage that uses the images which the set-up has made, and networks.
 * @returns variables for its podman and its worker
 */
export function prepareNode(folder: string): Readonly<Record<string, string>> & { readonly PATH: string } {
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(folder, 'runtime'), { mode: 0o700 });
  const variables = nodeVariables(folder);
  const images = `[storage.options]\nadditionalimagestores = ["${testImageStoreRoot}"]\n`;
  writeFileSync(variables.CONTAINERS_STORAGE_CONF, formatStorageConf(join(folder, 'graph'), runRootOf(folder)) + images);
  const networks = prepareNetworks(folder);
  // Podman keeps its events in `tmp_dir`, among others.
  const settings = { engine: [`tmp_dir = "${folder}/tmp"`], network: networks.settings };
  writeFileSync(variables.CONTAINERS_CONF, formatSettings(findPodmanSettings(), settings));
  return { ...variables, PATH: `${networks.programs}:${process.env['PATH'] ?? ''}` };
}

/** Returns the variables of podman on a node. */
function nodeVariables(folder: string) {
  return {
    CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf'),
    CONTAINERS_CONF: join(folder, 'containers.conf'),
    // A rootless podman records its mounts there, so each storage needs its own.
    ...(process.getuid?.() !== 0 && { XDG_RUNTIME_DIR: join(folder, 'runtime') }),
  };
}

/** Time limit for waiting for podman's clean-up after the containers of a fleet, which takes a tenth of a second each. */
const cleanUpTimeoutMs = 60_000;

/** Removes the folder of a fleet whose processes have exited and whose containers are removed, when podman's clean-up has ended. */
export async function removeNodesFolder(folder: string): Promise<void> {
  const deadline = performance.now() + cleanUpTimeoutMs;
  while (isCleaningUp(folder) && performance.now() < deadline) await delay(50);
  await until(() => removeNodeStorages(folder));
}

/** Removes the folder of a fleet with the run roots of its nodes. @returns whether all was removed */
export async function removeNodeStorages(nodesFolder: string): Promise<boolean> {
  if (!existsSync(nodesFolder)) return true;
  for (const name of readdirSync(nodesFolder)) if (!(await removeStorages(runRootOf(join(nodesFolder, name))))) return false;
  return removeStorages(nodesFolder);
}

/** Returns whether a conmon, or the clean-up that it runs in its place, uses a folder. The clean-up would create the folder again. */
function isCleaningUp(folder: string): boolean {
  return listProcesses().some(({ argv }) => argv.includes('cleanup') && argv.some(arg => arg.includes(`${folder}/`)));
}

/** Removes what a node has outside its folder, after its worker has exited and its containers were removed. */
export async function releaseNode(folder: string, podman: Podman, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
  // Podman removes their interfaces from the host.
  if (hasNetworks(folder)) await podman.run(['network', 'prune', '--force'], options);
  // For a rootless user, each storage has a pause process that holds the namespaces; this ends it.
  if (process.getuid?.() !== 0) await podman.run(['system', 'migrate'], options);
}

/** Removes a fleet of a killed run, whose processes are ended. @param signal ends the attempt, which then leaves the rest */
export async function removeNodes(nodesFolder: string, signal: AbortSignal): Promise<void> {
  for (const name of readdirSync(nodesFolder)) {
    const folder = join(nodesFolder, name);
    const env = nodeVariables(folder);
    // The run may have been killed before it had written all files.
    if (!Object.values(env).every(path => existsSync(path))) continue;
    const podman = createPodman({ maxProcesses: 1, env });
    try {
      await podman.run(['rm', '--all', '--force', '--time=0'], { signal });
      await releaseNode(folder, podman, { signal });
    } catch {
      // After a restart of the host, podman cannot use the storage. It is removed with its folder.
    }
  }
  while (!signal.aborted && !(await removeNodeStorages(nodesFolder))) await delay(100);
}
