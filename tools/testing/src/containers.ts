import { randomBytes } from 'node:crypto';
import { type Podman, PodmanFault } from '@podman-api/podman';
import { testNamePrefix } from './marker.ts';
import { testPodman } from './podman.ts';

/** What is removed after the tests of the file: names, and ids of containers. */
const owned = { containers: new Set<string>(), networks: new Set<string>(), volumes: new Set<string>() };

/** Marks a container, network or volume for removal after the tests of the file. @param name or the id of a container @returns the name */
export function removeAfterTests(kind: keyof typeof owned, name: string): string {
  owned[kind].add(name);
  return name;
}

/** Returns a unique name for a container, which is removed after the tests of the file. */
export function uniqueContainerName(): string {
  return removeAfterTests('containers', uniqueName());
}

/** Returns a unique name for a volume, which is removed after the tests of the file. */
export function uniqueVolumeName(): string {
  return removeAfterTests('volumes', uniqueName());
}

/** Returns a unique name for a network, which is removed after the tests of the file. */
export function uniqueNetworkName(): string {
  return removeAfterTests('networks', uniqueName());
}

const uniqueName = () => `${testNamePrefix}${randomBytes(4).toString('hex')}`;

/** Maximum number of attempts to remove the containers. */
const maxRemovalAttempts = 5;

/** Removes the containers, volumes and networks of a test file after its tests, see setup-file.ts. */
export async function removeOwned(): Promise<void> {
  const podman = testPodman();
  const { containers, networks, volumes } = owned;
  // One process for all, because its start takes a tenth of a second of CPU time. Without `--ignore`, podman 4.3 removes none if one
  // of them is missing, and reports success.
  if (containers.size > 0) await removeContainers(podman, takeAll(containers));
  if (volumes.size > 0) await podman.run(['volume', 'rm', '--force', '--', ...takeAll(volumes)]);
  await Promise.all(takeAll(networks).map(network => podman.run(['network', 'rm', '--force', '--', network]).catch(ignoreMissing)));
}

/** Removes containers, several times if podman fails: it gives a killed process only 5 s to disappear. */
async function removeContainers(podman: Podman, names: readonly string[]): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await podman.run(['rm', '--force', '--ignore', '--time=0', '--volumes', '--', ...names]);
      return;
    } catch (error) {
      if (attempt === maxRemovalAttempts) throw error;
    }
  }
}

function takeAll(owned: Set<string>): readonly string[] {
  const all = [...owned];
  owned.clear();
  return all;
}

/** Podman 4.3 fails for a network that does not exist, even with `--force`. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && error.message.startsWith('There is no network'))) throw error;
}

/**
 * Starts a container with podman. It has no network, for which podman takes half as much CPU time again.
 * Default command: `sleep 600`.
 * @returns its name
 */
export function startContainer(image: string, ...command: string[]): Promise<string> {
  return run(image, command, '--network=none');
}

/**
 * Creates the file that a container's main process waits for before it exits. The exit may kill `touch`, and remove its exec session,
 * before podman has read its exit code, so an error of podman is ignored; if the file was not created, the test times out.
 */
export async function letExit(container: string, path: string, podman: Pick<Podman, 'run'> = testPodman()): Promise<void> {
  await podman.run(['exec', '--', container, 'touch', path]).catch((error: unknown) => {
    if (!(error instanceof PodmanFault)) throw error;
  });
}

/** Starts a container in podman's default network, with an `/etc/resolv.conf`. @returns its name */
export function startContainerInNetwork(image: string): Promise<string> {
  return run(image, []);
}

async function run(image: string, command: readonly string[], ...flags: readonly string[]): Promise<string> {
  const name = uniqueContainerName();
  const program = command.length > 0 ? command : ['sleep', '600'];
  await testPodman().run(['run', '--detach', `--name=${name}`, '--pull=never', ...flags, '--', image, ...program]);
  return name;
}
