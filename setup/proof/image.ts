import type { Podman } from '@podman-api/podman';
import { busyboxRoot } from '../images/rootfs.ts';
import { run } from '../run.ts';

/** The image that proves that a container runs here, and that first steps are made with. */
export const proofImage = 'localhost/podman-api/busybox:latest';

/** Whether podman has the image. */
export function hasImage(podman: Podman): Promise<boolean> {
  return podman.run(['image', 'exists', '--', proofImage]).then(
    () => true,
    () => false,
  );
}

/** Makes the image from this host's BusyBox, which must be linked statically; no registry is asked. */
export async function makeImage(podman: Podman): Promise<void> {
  const path = run('sh', ['-c', 'command -v busybox']).output;
  await podman.run(['import', '--change=CMD ["sh"]', '-', proofImage], { stdin: await busyboxRoot(path) });
}
