import { renameSync, statSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { findSettingsFiles } from '@podman-api/podman';
import { getPodmanSettingsPath, resolveStateDir } from '@podman-api/runtime';
import { readText } from '../system/lookup.mjs';
import { run } from '../system/run.mjs';

const file = join(resolveStateDir(), 'proof.json');

/** Podman uses the first runtime that it finds: one that is installed later invalidates the proof. */
const programs = ['crun', 'runc', 'conmon'];

/** Returns the conditions under which a container was proven to run. The proof is valid while they are the same. */
export function createFingerprint(): string {
  return JSON.stringify({
    podman: run('podman', ['--version']).output,
    programs: programs.map(name => run(name, ['--version']).output),
    kernel: release(),
    boot: readText('/proc/sys/kernel/random/boot_id'),
    user: process.getuid?.(),
    settings: readText(getPodmanSettingsPath()),
    hostFiles: findSettingsFiles(process.env).map(path => [path, statSync(path).mtimeMs]),
    env: [process.env['CONTAINERS_CONF'], process.env['CONTAINERS_STORAGE_CONF'], process.env['CONTAINER_HOST']],
  });
}

/** Whether a container has run on this host as it is now. */
export function isProven(): boolean {
  return readText(file) === createFingerprint();
}

/** Records that a container has run under the current conditions. */
export function rememberProof(): void {
  // Another set-up may run at the same time.
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, createFingerprint());
  renameSync(draft, file);
}
