import type { Podman } from '@podman-api/podman';
import { listResources } from '../../list-resources.ts';
import { queryList } from '../../service-queries.ts';

/** An image as `podman images` prints it: the fields that are used. */
export interface ListedEntry {
  readonly Id: string;
  readonly Names?: readonly string[] | null;
  readonly Digest?: string;
  /** Bytes. */
  readonly Size: number;
  /** Seconds since 1970. */
  readonly Created: number;
  readonly Labels?: Readonly<Record<string, string>> | null;
  /** Number of containers, running and stopped, that use it. */
  readonly Containers: number;
}

/** Returns the images of the node, the latest first, each once; the command prints one entry for each name of an image. */
export async function readImages(podman: Podman, signal: AbortSignal): Promise<readonly ListedEntry[]> {
  const entries: readonly ListedEntry[] = JSON.parse(await listResources(podman, ['images', '--format=json'], signal, queryList('images')));
  // Podman's service does not sort them.
  return [...new Map(entries.map(entry => [entry.Id, entry])).values()].sort((one, other) => other.Created - one.Created);
}
