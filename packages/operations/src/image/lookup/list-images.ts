import type { Podman } from '@podman-api/podman';

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
}

/** Returns the images of the node, each once; podman prints one entry for each name of an image. */
export async function readImages(podman: Podman, signal: AbortSignal): Promise<readonly ListedEntry[]> {
  const entries: readonly ListedEntry[] = JSON.parse(await podman.run(['images', '--format=json'], { signal }));
  return [...new Map(entries.map(entry => [entry.Id, entry])).values()];
}
