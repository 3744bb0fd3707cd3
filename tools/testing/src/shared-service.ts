import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { createCall, type SendRequest } from './call.ts';
import type { TestChild } from './child.ts';
import { type ImageName, images } from './images.ts';
import { testPodman } from './podman.ts';
import { startService } from './service.ts';

/** Data that the global set-up passes to the test files, which run in other processes. */
interface SharedParts {
  readonly url: string;
  readonly dockerUrl: string;
  readonly env: Readonly<Record<string, string>>;
  /** A running container for each test image, by the image's name. */
  readonly containers: Readonly<Record<ImageName, string>>;
}

declare module 'vitest' {
  export interface ProvidedContext {
    readonly sharedParts: SharedParts;
  }
}

/** A service that all files of a project use, for tests that do not kill or reconfigure it, and do not depend on its counts. */
export interface SharedService {
  /** URL of the API without the base path. */
  readonly url: string;
  /** URL of the Docker-compatible API. */
  readonly dockerUrl: string;
  readonly call: SendRequest;
  /** Variables for more processes of the same service. */
  readonly env: Readonly<Record<string, string>>;
}

/** `MAX_OUTPUT` of the shared service: small, for tests of output that exceeds it. */
export const sharedMaxOutputBytes = 4 * 1024 ** 2;

/** `CORS_ORIGINS` of the shared service. */
export const sharedCorsOrigins = ['https://friend.example', 'http://LOCALHOST:80'] as const;

/**
 * Returns the service that runs during the whole run of the project, without tokens. Its settings are the defaults, except for
 * `CORS_ORIGINS`, `MAX_OUTPUT` and `REQUEST_TIMEOUT`, and its node has the label disk=fast.
 * @throws Error outside the projects e2e and long
 */
export function sharedService(): SharedService {
  const { url, dockerUrl, env } = inject('sharedParts');
  return { url, dockerUrl, env, call: createCall(url) };
}

/** Returns the name of a container that runs during the whole run of the project; tests may only exec in it and read it. */
export function sharedContainer(image: ImageName): string {
  return inject('sharedParts').containers[image];
}

/** Time after which the shared containers exit if the run was killed. */
const lifetimeSeconds = 7200;

/** Vitest's global set-up of the projects e2e and long. Starts the shared service and containers. @returns the function that removes them */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const service = await startService({
    CORS_ORIGINS: sharedCorsOrigins.join(', '),
    DOCKER_LISTEN: 'tcp://127.0.0.1:0',
    NODE_LABELS: 'disk=fast',
    MAX_OUTPUT: String(sharedMaxOutputBytes),
  });
  const podman = testPodman();
  const start = async (image: ImageName) => {
    const name = `shared-${image}-${randomBytes(4).toString('hex')}`;
    const options = ['--detach', `--name=${name}`, '--network=none', '--pull=never'];
    await podman.run(['run', ...options, '--', images[image], 'sleep', `${lifetimeSeconds}`]);
    return name;
  };
  const containers = {
    busybox: await start('busybox'),
    debian: await start('debian'),
    plain: await start('plain'),
    bare: await start('bare'),
  };
  project.provide('sharedParts', { url: service.url, dockerUrl: dockerUrlOf(service.api), env: service.env, containers });
  return async () => {
    await service.stop();
    for (const name of Object.values(containers)) await podman.run(['rm', '--force', '--time=0', '--', name]);
  };
}

/** Returns the URL of the Docker-compatible API that an API process with `DOCKER_LISTEN` has logged. */
export function dockerUrlOf({ output }: Pick<TestChild, 'output'>): string {
  const [, url] = /Docker-compatible API on (http:\/\/[^"\s]+|unix:\/\/[^"\s]+)/.exec(output()) ?? [];
  if (url === undefined) throw new Error('the API process has no Docker-compatible API');
  return url;
}
