import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { type Call, caller } from './call.ts';
import { type ImageName, images } from './images.ts';
import { testPodman } from './podman.ts';
import { startService } from './service.ts';

/** What the e2e project starts once and hands to its files, which run in other processes. */
interface SharedParts {
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  /** A running container for each test image, by the image's name. */
  readonly containers: Readonly<Record<ImageName, string>>;
}

declare module 'vitest' {
  export interface ProvidedContext {
    readonly sharedParts: SharedParts;
  }
}

/** A service that all files of the e2e project use, for tests that neither kill, reconfigure nor count it. */
export interface SharedService {
  /** Without the base path. */
  readonly url: string;
  readonly call: Call;
  /** Variables for more processes of the same service. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Returns the service that runs during the whole e2e run, with default settings and without tokens.
 * @throws Error outside the e2e project
 */
export function sharedService(): SharedService {
  const { url, env } = inject('sharedParts');
  return { url, env, call: caller(url) };
}

/** Returns the name of a container that runs during the whole e2e run; tests may exec in it and read it, no more. */
export function sharedContainer(image: ImageName): string {
  return inject('sharedParts').containers[image];
}

/** The shared containers end by themselves after this time, should the run be killed. */
const lifetimeSeconds = 7200;

/** Vitest's global set-up of the e2e project. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const service = await startService();
  const podman = testPodman();
  const start = async (image: ImageName) => {
    const name = `shared-${image}-${randomBytes(4).toString('hex')}`;
    await podman.run(['run', '--detach', `--name=${name}`, '--pull=never', '--', images[image], 'sleep', `${lifetimeSeconds}`]);
    return name;
  };
  const containers = {
    busybox: await start('busybox'),
    debian: await start('debian'),
    plain: await start('plain'),
    bare: await start('bare'),
  };
  project.provide('sharedParts', { url: service.url, env: service.env, containers });
  return async () => {
    await service.stop();
    for (const name of Object.values(containers)) await podman.run(['rm', '--force', '--time=0', '--', name]);
  };
}
