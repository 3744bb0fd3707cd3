import type { Podman } from '@podman-api/podman';
import { createBusyboxRoot } from '../images/rootfs.ts';
import { findProgram } from '../system/lookup.mjs';

/** The image for the proof that a container runs, and for a user's first containers. */
export const proofImage = 'localhost/podman-api/busybox:latest';

/** Whether podman has the image. */
export function hasImage(podman: Podman): Promise<boolean> {
  return podman.run(['image', 'exists', '--', proofImage]).then(
    () => true,
    () => false,
  );
}

/** Builds the image from this host's BusyBox, which must be linked statically; pulls nothing. */
export async function makeImage(podman: Podman): Promise<void> {
  const path = findProgram('busybox');
  if (path === undefined) throw new Error('busybox is not installed');
  await podman.run(['import', '--change=CMD ["sh"]', '-', proofImage], { stdin: await createBusyboxRoot(path) });
}
