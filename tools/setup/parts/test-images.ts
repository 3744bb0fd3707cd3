import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPodman, type Podman } from '@podman-api/podman';
import { findPodmanSettings } from '@podman-api/runtime';
import { type ImageName, images } from '@podman-api/testing/images';
import { prepareImageStore, prepareStorage, testFolder } from '@podman-api/testing/storage';
import { buildBusybox } from '../images/busybox.ts';
import { makeDebianRoot } from '../images/debian.ts';
import { createBareRoot, createBusyboxRoot } from '../images/rootfs.ts';
import type { Part } from '../part.ts';
import { findProgram } from '../system/lookup.mjs';
import { log, SetupError } from '../system/run.mjs';

const part = 'test images';
const archiveFolder = join(testFolder, 'images');
const names: readonly ImageName[] = ['plain', 'bare', 'busybox', 'debian'];

/** The images that the tests run in, in the storage of the tests and in the one for test fleets. */
export const testImages: Part = {
  isInstallation: true,
  async check() {
    const missing = [...new Set((await Promise.all(createStoragePodmans().map(findMissingImages))).flat())];
    if (missing.length === 0) return { part, ok: true, text: names.join(', ') };
    return { part, ok: false, text: `not built yet: ${missing.join(', ')}`, remedy: '"npm test" builds them, on a Debian host as root.' };
  },
  async fix() {
    mkdirSync(archiveFolder, { recursive: true });
    for (const podman of createStoragePodmans()) {
      for (const name of await findMissingImages(podman)) {
        await podman.run(['import', '--change=CMD ["sh"]', '--', await findOrMakeArchive(name), images[name]]);
      }
    }
  },
};

function createStoragePodmans(): readonly Podman[] {
  const containersConf = findPodmanSettings();
  return [prepareStorage(), prepareImageStore()].map(env => createPodman({ maxProcesses: 1, containersConf, env }));
}

async function findOrMakeArchive(name: ImageName): Promise<string> {
  const archive = join(archiveFolder, `${name}.tar`);
  if (existsSync(archive)) return archive;
  log(`building the image ${name} for the tests`);
  // An interrupted run leaves only the draft.
  await makeArchive(name, `${archive}.draft`);
  renameSync(`${archive}.draft`, archive);
  return archive;
}

async function findMissingImages(podman: Podman): Promise<ImageName[]> {
  const listed = (await podman.run(['images', '--format={{.Repository}}:{{.Tag}}'])).split('\n');
  return names.filter(name => !listed.includes(images[name]));
}

async function makeArchive(name: ImageName, archive: string): Promise<void> {
  switch (name) {
    case 'plain':
      return writeFileSync(archive, await createBusyboxRoot(findBusybox()));
    case 'bare':
      return writeFileSync(archive, await createBareRoot(findBusybox()));
    case 'busybox': {
      const executable = join(archiveFolder, 'busybox');
      buildBusybox(executable);
      return writeFileSync(archive, await createBusyboxRoot(executable));
    }
    case 'debian':
      if (process.getuid?.() !== 0) {
        throw new SetupError(
          'only root can make the image debian, because debootstrap needs root',
          `Copy ${archive.replace('.draft', '')} from a checkout where root has run "npm test".`,
        );
      }
      return makeDebianRoot(archive);
  }
}

function findBusybox(): string {
  const path = findProgram('busybox');
  if (path === undefined) throw new SetupError('busybox is not installed', 'Install busybox-static, then run the same command again.');
  return path;
}
