import { randomBytes } from 'node:crypto';
import { afterAll } from 'vitest';
import { testPodman } from './podman.ts';

/** A name that no other test has; what stands under it is removed when the file's tests have ended. */
export function ownName(): string {
  const name = `t-${randomBytes(6).toString('hex')}`;
  names.push(name);
  return name;
}

/** The same for a named volume. */
export function ownVolume(): string {
  const volume = `t-${randomBytes(6).toString('hex')}`;
  volumes.push(volume);
  return volume;
}

const names: string[] = [];
const volumes: string[] = [];

afterAll(async () => {
  const podman = testPodman();
  await Promise.all(names.splice(0).map(name => podman.run(['rm', '--force', '--time=0', '--volumes', '--', name])));
  await Promise.all(volumes.splice(0).map(volume => podman.run(['volume', 'rm', '--force', '--', volume])));
});

/** Makes a container outside the API and gives its name. */
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
