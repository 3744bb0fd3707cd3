import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPodman, type Podman } from '@podman-api/podman';
import { podmanSettings } from '@podman-api/runtime';
import { type ImageName, images } from '@podman-api/testing/images';
import { prepareStorage, testFolder } from '@podman-api/testing/storage';
import { buildBusybox } from '../images/busybox.ts';
import { makeDebianRoot } from '../images/debian.ts';
import { bareRoot, busyboxRoot } from '../images/rootfs.ts';
import { install } from '../install.ts';
import { type Part, say } from '../part.ts';
import { run } from '../run.ts';

const part = 'test images';
const names: readonly ImageName[] = ['plain', 'bare', 'busybox', 'debian'];
const builders = ['debootstrap', 'gcc', 'make', 'libc6-dev', 'bzip2'];

/** The images that the tests run in, in a storage of the tests' own. */
export const testImages: Part = {
  async check() {
    const missing = await missingImages(testPodman());
    if (missing.length === 0) return { part, ok: true, text: names.join(', ') };
    return { part, ok: false, text: `not made yet: ${missing.join(', ')}`, remedy: '"npm test" makes them, on a Debian host as root.' };
  },
  async mend() {
    const podman = testPodman();
    const folder = join(testFolder, 'images');
    mkdirSync(folder, { recursive: true });
    for (const name of await missingImages(podman)) {
      const archive = join(folder, `${name}.tar`);
      if (!existsSync(archive)) await makeArchive(name, archive);
      await podman.run(['import', '--change=CMD ["sh"]', '--', archive, images[name]]);
    }
  },
};

function testPodman(): Podman {
  return createPodman({ limit: 1, containersConf: podmanSettings(), env: prepareStorage() });
}

async function missingImages(podman: Podman): Promise<ImageName[]> {
  const listed = (await podman.run(['images', '--format={{.Repository}}:{{.Tag}}'])).split('\n');
  return names.filter(name => !listed.includes(images[name]));
}

async function makeArchive(name: ImageName, archive: string): Promise<void> {
  say(`making the image ${name} for the tests`);
  const hostBusybox = run('sh', ['-c', 'command -v busybox']).output;
  switch (name) {
    case 'plain':
      return writeFileSync(archive, await busyboxRoot(hostBusybox));
    case 'bare':
      return writeFileSync(archive, await bareRoot(hostBusybox));
    case 'busybox': {
      install(builders);
      const executable = `${archive}.busybox`;
      buildBusybox(executable);
      return writeFileSync(archive, await busyboxRoot(executable));
    }
    case 'debian':
      install(builders);
      return makeDebianRoot(archive);
  }
}
