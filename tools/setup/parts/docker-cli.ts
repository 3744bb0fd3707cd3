import { dockerCliFolder, findDockerCli } from '@podman-api/testing/docker-cli';
import { missingTestProgram, type Part } from '../part.ts';
import { unpackDebianPackage } from '../system/debian-package.ts';
import { run, SetupError } from '../system/run.mjs';

const part = 'docker command';

/** Docker's command line, which the tests use as a client. It is only unpacked, because the package may have Docker's service too. */
export const dockerCli: Part = {
  isInstallation: true,
  async check() {
    const program = findDockerCli();
    const version = program && /version ([^\s,]+)/.exec(run(program, ['--version']).output)?.[1];
    if (version) return { part, ok: true, text: `docker ${version}` };
    return missingTestProgram(part);
  },
  async fix() {
    try {
      unpackDebianPackage('docker-cli', dockerCliFolder);
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      // Debian 12 has it in the package of the service.
      unpackDebianPackage('docker.io', dockerCliFolder);
    }
  },
};
