import { marksPath, runsPath, uploadsPath } from '../load/work.ts';
import type { PodmanRunner } from './podman.ts';

/** A container as podman shows it. */
export interface ObservedContainer {
  readonly id: string;
  readonly name: string;
  /** `running`, `created`, `exited`, … */
  readonly state: string;
  /** Process id of its first process on the host; 0 if it does not run. */
  readonly pid: number;
}

/** Lists the containers whose names begin with a prefix. */
export async function listObservedContainers(podman: PodmanRunner, prefix: string): Promise<ObservedContainer[]> {
  const found: { Id: string; Names: string[]; State: string; Pid: number }[] = JSON.parse(
    await podman('ps', '--all', '--format=json', `--filter=name=^${prefix}`),
  );
  return found.map(({ Id, Names, State, Pid }) => ({ id: Id, name: Names[0] ?? '', state: State, pid: Pid }));
}

/** Starts a container with an empty file of marks, the volume of the runs and a folder for uploads. */
export async function startMarksContainer(podman: PodmanRunner, name: string, image: string, volume: string): Promise<void> {
  const command = `: >${marksPath}; : >>${runsPath}${marksPath}; mkdir ${uploadsPath}; exec sleep 100000`;
  const flags = ['--detach', `--name=${name}`, '--pull=never', '--network=none', `--volume=${volume}:${runsPath}`];
  await podman('run', ...flags, '--', image, 'sh', '-c', command);
}

/** Removes the containers whose names begin with a prefix, including those that are created meanwhile. */
export async function removeContainers(podman: PodmanRunner, prefix: string): Promise<void> {
  for (;;) {
    const left = await listObservedContainers(podman, prefix);
    if (left.length === 0) return;
    for (const { id } of left) await podman('rm', '--force', '--time=0', '--volumes', '--', id);
  }
}
