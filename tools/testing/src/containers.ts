import { randomBytes } from 'node:crypto';
import { testPodman } from './podman.ts';

/** Creates a unique name for a container, which is removed after the tests of the file. */
export function ownName(): string {
  const name = `t-${randomBytes(6).toString('hex')}`;
  names.push(name);
  return name;
}

/** Creates a unique name for a volume, which is removed after the tests of the file. */
export function ownVolume(): string {
  const volume = `t-${randomBytes(6).toString('hex')}`;
  volumes.push(volume);
  return volume;
}

/** Creates a unique name for a network, which is removed after the tests of the file. */
export function ownNetwork(): string {
  const network = `t-${randomBytes(6).toString('hex')}`;
  networks.push(network);
  return network;
}

const names: string[] = [];
const networks: string[] = [];
const volumes: string[] = [];

/** Removes the containers, volumes and networks of a test file after its tests, see setup-file.ts. */
export async function removeOwned(): Promise<void> {
  const podman = testPodman();
  // One process for all, because its start takes a tenth of a second of CPU time. Without `--ignore`, podman 4.3 removes none if one
  // of them is missing, and reports success.
  if (names.length > 0) await podman.run(['rm', '--force', '--ignore', '--time=0', '--volumes', '--', ...names.splice(0)]);
  if (volumes.length > 0) await podman.run(['volume', 'rm', '--force', '--', ...volumes.splice(0)]);
  await Promise.all(networks.splice(0).map(network => podman.run(['network', 'rm', '--force', '--', network]).catch(ignoreMissing)));
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

/** Starts a container in podman's default network, with an `/etc/resolv.conf`. @returns its name */
export function startContainerInNetwork(image: string): Promise<string> {
  return run(image, []);
}

async function run(image: string, command: readonly string[], ...flags: readonly string[]): Promise<string> {
  const name = ownName();
  const program = command.length > 0 ? command : ['sleep', '600'];
  await testPodman().run(['run', '--detach', `--name=${name}`, '--pull=never', ...flags, '--', image, ...program]);
  return name;
}
