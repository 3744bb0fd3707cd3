import { dockerComposeFolder, findDockerCompose } from '@podman-api/testing/docker-compose';
import { findAptSource } from '../images/apt-source.ts';
import { missingTestProgram, type Part } from '../part.ts';
import { unpackDebianPackage, unpackFromDebian } from '../system/debian-package.ts';
import { run } from '../system/run.mjs';

const part = 'docker compose';

/** The Debian release that has Compose 2; the one before has Compose 1, which is not a plugin. */
const release = 'trixie';

/** The Compose plugin of Docker's command line, which the tests use as a client. */
export const dockerCompose: Part = {
  isInstallation: true,
  async check() {
    const plugin = findDockerCompose();
    const version = plugin && /version v?(\S+)/.exec(run(plugin, ['version']).output)?.[1];
    if (version) return { part, ok: true, text: `docker compose ${version}` };
    return missingTestProgram(part);
  },
  async fix() {
    const { output } = run('apt-cache', ['policy', 'docker-compose']);
    const hasPlugin = /Candidate: (?:\d+:)?[2-9]/.test(output);
    if (hasPlugin) unpackDebianPackage('docker-compose', dockerComposeFolder);
    else unpackFromDebian('docker-compose', { release, mirror: findAptSource().uri }, dockerComposeFolder);
  },
};
