import type { Podman } from './types.ts';

/** What `podman version` tells; it has a server where it drives the podman of another machine. */
interface Versions {
  readonly Client: { readonly Version: string };
  readonly Server?: { readonly Version: string };
}

/** The version of the podman that runs the containers. */
export async function readVersion(podman: Podman): Promise<string> {
  const { Client, Server }: Versions = JSON.parse(await podman.run(['version', '--format=json']));
  return (Server ?? Client).Version;
}

/**
 * Proves that podman works: it reads its storage and its database, in 30 ms.
 * @throws ApiError where it does not
 */
export async function probe(podman: Podman, signal: AbortSignal): Promise<void> {
  await podman.run(['ps', '--last', '1', '--quiet'], { signal });
}
