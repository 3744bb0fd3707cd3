import { findPrometheus, prometheusFolder } from '@podman-api/testing/prometheus/programs';
import { missingTestProgram, type Part } from '../part.ts';
import { unpackDebianPackage } from '../system/debian-package.ts';
import { run } from '../system/run.mjs';

const part = 'Prometheus';

/** The server that scrapes the API in the tests. It is only unpacked, because Debian starts an installed one as a service. */
export const prometheus: Part = {
  isInstallation: true,
  async check() {
    const program = findPrometheus('promtool') && findPrometheus('prometheus');
    const version = program && /^prometheus, version \S+/m.exec(run(program, ['--version']).output)?.[0];
    if (version) return { part, ok: true, text: version };
    return missingTestProgram(part);
  },
  async fix() {
    unpackDebianPackage('prometheus', prometheusFolder);
    // A separate package since Debian 13.
    if (!findPrometheus('promtool')) unpackDebianPackage('promtool', prometheusFolder);
  },
};
