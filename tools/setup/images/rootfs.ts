import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { run } from '../system/run.mjs';

/**
 * Creates an archive of a root file system that has BusyBox alone.
 * @param path the static executable
 */
export async function createBusyboxRoot(path: string): Promise<Buffer> {
  const archive = pack();
  for (const folder of ['bin', 'etc', 'home', 'root', 'var']) archive.entry({ name: folder, type: 'directory', mode: 0o755 });
  archive.entry({ name: 'tmp', type: 'directory', mode: 0o1777 });
  archive.entry({ name: 'etc/passwd' }, 'root:x:0:0:root:/root:/bin/sh\n');
  archive.entry({ name: 'etc/group' }, 'root:x:0:\n');
  archive.entry({ name: 'etc/shadow', mode: 0o600 }, 'root:*:19000:0:99999:7:::\n');
  archive.entry({ name: 'bin/busybox', mode: 0o4755 }, readFileSync(path));
  const applets = run(path, ['--list']).output.split('\n');
  for (const applet of applets.filter(name => name !== 'busybox')) {
    archive.entry({ name: `bin/${applet}`, type: 'symlink', linkname: 'busybox' });
  }
  archive.finalize();
  return buffer(archive);
}

/** Creates an archive of a root file system with one executable, `/bin/sleep`: BusyBox acts by the name it is called by. */
export async function createBareRoot(path: string): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: 'bin/sleep', mode: 0o755 }, readFileSync(path));
  archive.finalize();
  return buffer(archive);
}
