import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPrometheus, prometheusFolder } from '@podman-api/testing/prometheus/programs';
import type { Part } from '../part.ts';
import { log, run, SetupError } from '../system/run.mjs';

const part = 'Prometheus';

/** The server that scrapes the API in the tests. It is only unpacked, because Debian starts an installed one as a service. */
export const prometheus: Part = {
  isInstallation: true,
  async check() {
    const program = findPrometheus('promtool') && findPrometheus('prometheus');
    const version = program && /^prometheus, version \S+/m.exec(run(program, ['--version']).output)?.[0];
    if (version) return { part, ok: true, text: version };
    return { part, ok: false, text: 'not there', remedy: 'Only the tests need it: "npm test" downloads it on Debian.', isTestsOnly: true };
  },
  async fix() {
    unpackDebianPackage('prometheus', prometheusFolder);
    // A package of its own since Debian 13.
    if (!findPrometheus('promtool')) unpackDebianPackage('promtool', prometheusFolder);
  },
};

/** Unpacks a Debian package into a folder. It is not installed, and no root is needed if apt has lists of packages. */
function unpackDebianPackage(name: string, target: string): void {
  log(`unpacking the Debian package ${name} into ${target} (apt-get download)`);
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-setup-'));
  try {
    if (!download(name, folder).ok && process.getuid?.() === 0) run('apt-get', ['update']);
    const { ok, output } = download(name, folder);
    const [file] = readdirSync(folder);
    if (!ok || file === undefined) {
      throw new SetupError(
        `"apt-get download ${name}" failed: ${lastLine(output)}`,
        `Put ${name} on the path or run "apt-get update" as root, then run the same command again.`,
      );
    }
    const unpacked = run('dpkg-deb', ['--extract', join(folder, file), target]);
    if (!unpacked.ok)
      throw new SetupError(`dpkg-deb failed: ${lastLine(unpacked.output)}`, 'Fix the cause, then run the same command again.');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function download(name: string, folder: string) {
  return run('apt-get', ['download', name], { cwd: folder });
}

function lastLine(output: string): string {
  return output.split('\n').at(-1) ?? '';
}
