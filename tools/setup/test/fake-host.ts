import type { Host } from '../system/host.mjs';

/** A Debian 13 where root runs podman and nothing is installed, with some differences. */
export function fakeHost(differences: Partial<Host> = {}): Host {
  return {
    isRootless: false,
    podmanMajor: 5,
    networkBackend: 'netavark',
    hasCgroupsV1: false,
    hasSystemd: true,
    needsFuseOverlayfs: false,
    hasTestImages: true,
    hasProgram: () => false,
    hasStaticProgram: () => false,
    hasCniPlugin: () => false,
    hasLibrary: () => false,
    hasFile: () => false,
    ...differences,
  };
}
