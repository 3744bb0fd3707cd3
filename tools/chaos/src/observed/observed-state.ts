import { setTimeout as delay } from 'node:timers/promises';
import { type Mark, marksIn, marksPath, runsPath, uploadsPath } from '../load/work.ts';
import { listObservedContainers, type ObservedContainer } from './containers.ts';
import type { PodmanRunner } from './podman.ts';
import { findJobProcesses, findPodmanProcesses, findSurplusConmons, type ObservedProcess, processesIn } from './processes.ts';

/** A file that was uploaded. */
export interface ObservedFile {
  readonly name: string;
  /** In hex. */
  readonly sha256: string;
}

/** Resources that the harness has created for a run. */
export interface OwnResources {
  /** Prefix of the names of containers. */
  readonly prefix: string;
  /** Containers with files of marks. */
  readonly marksContainers: readonly [string, ...string[]];
  /** Volume with the file of marks of all runs. */
  readonly volume: string;
  /** Reference of the image that is pulled. */
  readonly pulledImage: string;
}

/** State of podman and of the host after a run, read without the API. */
export interface ObservedState {
  /** Marks of execs and runs, by the ids of their intents. */
  readonly marks: ReadonlyMap<string, readonly Mark[]>;
  /** Existing containers by name. */
  readonly containers: ReadonlyMap<string, ObservedContainer>;
  /** Files in the folders for uploads. */
  readonly uploads: readonly ObservedFile[];
  /** References of images that exist, of those that were pulled. */
  readonly images: ReadonlySet<string>;
  /** Names of containers of runs that still exist. */
  readonly runContainers: readonly string[];
  /** Processes in containers, without the first process of each. */
  readonly processes: readonly ObservedProcess[];
  /** Processes of podman and conmon that belong to no container. */
  readonly podmanProcesses: readonly ObservedProcess[];
}

/** Time in which processes of ended jobs must have exited. */
const exitTimeoutMs = 15_000;
const pollIntervalMs = 500;

/** Waits until the workers have ended all processes of jobs and removed the containers of runs, or the time limit has passed. */
export async function awaitJobProcesses(podman: PodmanRunner, own: OwnResources): Promise<void> {
  const until = Date.now() + exitTimeoutMs;
  while (Date.now() < until && !(await haveJobsEnded(podman, own))) await delay(pollIntervalMs);
}

async function haveJobsEnded(podman: PodmanRunner, own: OwnResources): Promise<boolean> {
  const containers = await listObservedContainers(podman, own.prefix);
  const runs = await listRunContainers(podman, own);
  return findJobProcesses(containers).length + findPodmanProcesses(own.prefix).length + runs.length === 0;
}

/** Reads the state once it is quiet or the time limit has passed. */
export async function observeState(podman: PodmanRunner, own: OwnResources): Promise<ObservedState> {
  const { prefix, marksContainers, pulledImage } = own;
  const until = Date.now() + exitTimeoutMs;
  let containers = await listObservedContainers(podman, prefix);
  while (Date.now() < until && !isQuiet(containers, prefix)) {
    await delay(pollIntervalMs);
    containers = await listObservedContainers(podman, prefix);
  }
  const processes = processesIn(containers);
  const podmanProcesses = [...findSurplusConmons(containers, prefix), ...findPodmanProcesses(prefix)];
  const read = (container: string, script: string) => podman('exec', '--', container, 'sh', '-c', script);
  const texts = await Promise.all([
    ...marksContainers.map(name => read(name, `cat ${marksPath}`)),
    read(marksContainers[0], `cat ${runsPath}${marksPath}`),
  ]);
  const sums = await Promise.all(marksContainers.map(name => read(name, `find ${uploadsPath} -type f -exec sha256sum {} +`)));
  return {
    marks: Map.groupBy(texts.flatMap(marksIn), ({ id }) => id),
    containers: new Map(containers.map(container => [container.name, container])),
    uploads: sums.flatMap(filesIn),
    images: new Set((await podman('images', '--format={{.Repository}}:{{.Tag}}')).split('\n').filter(name => name === pulledImage)),
    runContainers: await listRunContainers(podman, own),
    processes,
    podmanProcesses,
  };
}

/** Reads the output of sha256sum. */
function filesIn(text: string): ObservedFile[] {
  return [...text.matchAll(/^([0-9a-f]{64}) [ *](.*)$/gm)].map(([, sha256 = '', path = '']) => ({
    name: path.slice(uploadsPath.length + 1),
    sha256,
  }));
}

/** Lists the containers that have the volume of the runs, without those with files of marks. */
async function listRunContainers(podman: PodmanRunner, { volume, marksContainers }: OwnResources): Promise<string[]> {
  const names = (await podman('ps', '--all', `--filter=volume=${volume}`, '--format={{.Names}}')).split('\n');
  return names.filter(name => name !== '' && !marksContainers.includes(name));
}

function isQuiet(containers: readonly ObservedContainer[], prefix: string): boolean {
  return processesIn(containers).length + findSurplusConmons(containers, prefix).length + findPodmanProcesses(prefix).length === 0;
}
