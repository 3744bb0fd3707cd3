import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import type { Podman } from '@podman-api/podman';
import { pack } from 'tar-stream';
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

/**
 * A root file system, as an archive, of a BusyBox alone.
 * @param path where the host has the static executable
 */
export async function busyboxRoot(path: string): Promise<Buffer> {
  const archive = pack();
  for (const folder of ['bin', 'etc', 'home', 'root', 'var']) archive.entry({ name: folder, type: 'directory', mode: 0o755 });
  archive.entry({ name: 'tmp', type: 'directory', mode: 0o1777 });
  archive.entry({ name: 'etc/passwd' }, 'root:x:0:0:root:/root:/bin/sh\n');
  archive.entry({ name: 'etc/group' }, 'root:x:0:\n');
  archive.entry({ name: 'etc/shadow', mode: 0o600 }, 'root:*:19000:0:99999:7:::\n');
  archive.entry({ name: 'bin/busybox', mode: 0o755 }, readFileSync(path));
  const applets = run(path, ['--list']).output.split('\n');
  for (const applet of applets.filter(name => name !== 'busybox')) {
    archive.entry({ name: `bin/${applet}`, type: 'symlink', linkname: 'busybox' });
  }
  archive.finalize();
  return buffer(archive);
}
