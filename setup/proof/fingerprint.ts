import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { podmanSettingsFile, stateFolder } from '@podman-api/runtime';
import { run } from '../run.ts';
import { hostFiles } from './settings.ts';

const file = join(stateFolder(), 'proof.json');

/** Podman takes the first runtime that is there: one that is installed later changes what is proven. */
const programs = ['crun', 'runc', 'conmon'];

/** What the proof of a container stands on; while it is the same, the proof holds. */
export function fingerprint(): string {
  return JSON.stringify({
    podman: run('podman', ['--version']).output,
    programs: programs.map(name => run(name, ['--version']).output),
    kernel: release(),
    boot: readText('/proc/sys/kernel/random/boot_id'),
    user: process.getuid?.(),
    settings: readText(podmanSettingsFile()),
    hostFiles: hostFiles().map(path => [path, statSync(path).mtimeMs]),
    env: [process.env['CONTAINERS_CONF'], process.env['CONTAINERS_STORAGE_CONF'], process.env['CONTAINER_HOST']],
  });
}

/** Whether the proof was made and still holds. */
export function isProven(): boolean {
  return readText(file) === fingerprint();
}

export function rememberProof(): void {
  writeFileSync(file, fingerprint());
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
