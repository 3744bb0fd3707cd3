import { findRegistry, registryFolder } from '@podman-api/testing/registry/programs';
import { missingTestProgram, type Part } from '../part.ts';
import { unpackDebianPackage } from '../system/debian-package.ts';
import { run } from '../system/run.mjs';

const part = 'image registry';

/** The registry that the tests pull from and push to. It is only unpacked, because Debian starts an installed one as a service. */
export const registry: Part = {
  isInstallation: true,
  async check() {
    const program = findRegistry();
    const version = program && /\S+$/.exec(run(program, ['--version']).output.trim())?.[0];
    if (version) return { part, ok: true, text: `docker-registry ${version}` };
    return missingTestProgram(part);
  },
  async fix() {
    unpackDebianPackage('docker-registry', registryFolder);
  },
};
