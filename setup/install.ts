import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say } from './part.ts';
import { has, type Ran, run } from './run.ts';

/** Package managers, and how each is told to install; the first that is there is meant. */
const managers = [
  ['apt-get', 'apt-get install'],
  ['dnf', 'dnf install'],
  ['zypper', 'zypper install'],
  ['pacman', 'pacman -S'],
  ['apk', 'apk add'],
  ['brew', 'brew install'],
] as const;

let updated = false;

/**
 * Installs Debian packages with apt-get, saying so; where all are there, nobody needs to be root.
 * @param packages those that this release of the distribution does not have are left out
 * @throws Error whose message is the command to run, where there is no apt or no right to use it
 */
export function install(packages: readonly string[]): void {
  if (packages.every(isInstalled)) return;
  if (!has('apt-get') || !mayInstall()) throw new Error(byHand(packages));
  update();
  const known = packages.filter(name => run('apt-cache', ['show', '--no-all-versions', name]).ok);
  say(`installing ${known.join(', ')} (apt-get install)`);
  const { ok, output } = apt('install', '--yes', '--no-install-recommends', ...known);
  if (!ok) throw new Error(`apt-get install failed: ${lastLines(output)}`);
}

/**
 * Unpacks a Debian package into a folder: nothing of it is installed or started, and nobody needs to be root where the
 * lists of packages are there.
 * @throws Error as `install` does
 */
export function unpack(name: string, folder: string): void {
  if (!has('apt-get') || !has('dpkg-deb')) throw new Error(byHand([name]));
  if (mayInstall()) update();
  say(`unpacking ${name} into ${folder} (apt-get download)`);
  const place = mkdtempSync(join(tmpdir(), 'podman-api-setup-'));
  try {
    const { ok, output } = run('apt-get', ['download', name], {}, place);
    const [file] = readdirSync(place);
    if (!ok || file === undefined) throw new Error(`apt-get download failed: ${lastLines(output)}`);
    const unpacked = run('dpkg-deb', ['--extract', join(place, file), folder]);
    if (!unpacked.ok) throw new Error(`dpkg-deb failed: ${lastLines(unpacked.output)}`);
  } finally {
    rmSync(place, { recursive: true });
  }
}

const isRoot = () => process.getuid?.() === 0;

function mayInstall(): boolean {
  return isRoot() || run('sudo', ['--non-interactive', 'true']).ok;
}

function apt(...args: string[]): Ran {
  const [program = '', ...prefix] = [...(isRoot() ? [] : ['sudo', '--non-interactive']), 'apt-get'];
  return run(program, [...prefix, ...args], { DEBIAN_FRONTEND: 'noninteractive' });
}

function update(): void {
  if (updated) return;
  say('reading the lists of packages (apt-get update)');
  apt('update');
  updated = true;
}

function lastLines(output: string): string {
  return output.split('\n').slice(-5).join(' ');
}

function isInstalled(name: string): boolean {
  return /^Status: install ok installed$/m.test(run('dpkg', ['--status', name]).output);
}

/** The sentence for a person on a host where the set-up can't install by itself. */
function byHand(packages: readonly string[]): string {
  const [, command] = managers.find(([manager]) => has(manager)) ?? [];
  const sudo = command?.startsWith('brew') || isRoot() ? '' : 'sudo ';
  return command === undefined
    ? `Install these with your package manager, and run the command again: ${packages.join(' ')}`
    : `Run this, and then the command again: ${sudo}${command} ${packages.join(' ')}`;
}
