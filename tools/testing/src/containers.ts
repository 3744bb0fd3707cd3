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

const names: string[] = [];
const volumes: string[] = [];

/** Removes the containers and volumes of a test file after its tests, see setup-file.ts. */
export async function removeOwned(): Promise<void> {
  const podman = testPodman();
  await Promise.all(names.splice(0).map(name => podman.run(['rm', '--force', '--time=0', '--volumes', '--', name])));
  await Promise.all(volumes.splice(0).map(volume => podman.run(['volume', 'rm', '--force', '--', volume])));
}

/** Starts a container with podman. Default command: `sleep 600`. @returns its name */
export async function startContainer(image: string, ...command: string[]): Promise<string> {
  const name = ownName();
  await testPodman().run([
    'run',
    '--detach',
    `--name=${name}`,
    '--pull=never',
    '--',
    image,
    ...(command.length > 0 ? command : ['sleep', '600']),
  ]);
  return name;
}
