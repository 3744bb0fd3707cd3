import type { Podman } from './podman.ts';

/** Output of `podman version`; it has a server if podman controls that of another machine. */
interface Versions {
  readonly Client: { readonly Version: string };
  readonly Server?: { readonly Version: string };
}

/**
 * Returns the version of the podman that runs the containers, such as `5.4.2`.
 * @throws ApiError if podman fails; the reason of the signal
 */
export async function readVersion(podman: Pick<Podman, 'run'>, signal: AbortSignal): Promise<string> {
  const { Client, Server }: Versions = JSON.parse(await podman.run(['version', '--format=json'], { signal }));
  return (Server ?? Client).Version;
}

/**
 * Checks that podman works: it reads its storage and its database, which takes 30 ms.
 * @throws ApiError if it does not; the reason of the signal
 */
export async function probe(podman: Podman, signal: AbortSignal): Promise<void> {
  await podman.run(['ps', '--last', '1', '--quiet'], { signal });
}
