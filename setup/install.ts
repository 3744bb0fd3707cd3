import { say } from './part.ts';
import { has, run } from './run.ts';

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
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '--non-interactive'];
  const [program = '', ...prefix] = [...asRoot, 'apt-get'];
  if (!has('apt-get') || (asRoot.length > 0 && !run('sudo', ['--non-interactive', 'true']).ok)) throw new Error(byHand(packages));
  const apt = (...args: string[]) => run(program, [...prefix, ...args], { DEBIAN_FRONTEND: 'noninteractive' });
  if (!updated) {
    say('reading the lists of packages (apt-get update)');
    apt('update');
    updated = true;
  }
  const known = packages.filter(name => run('apt-cache', ['show', '--no-all-versions', name]).ok);
  say(`installing ${known.join(', ')} (apt-get install)`);
  const { ok, output } = apt('install', '--yes', '--no-install-recommends', ...known);
  if (!ok) throw new Error(`apt-get install failed: ${output.split('\n').slice(-5).join(' ')}`);
}

function isInstalled(name: string): boolean {
  return /^Status: install ok installed$/m.test(run('dpkg', ['--status', name]).output);
}

/** The sentence for a person on a host where the set-up can't install by itself. */
function byHand(packages: readonly string[]): string {
  const [, command] = managers.find(([manager]) => has(manager)) ?? [];
  const sudo = command?.startsWith('brew') || process.getuid?.() === 0 ? '' : 'sudo ';
  return command === undefined
    ? `Install these with your package manager, and run the command again: ${packages.join(' ')}`
    : `Run this, and then the command again: ${sudo}${command} ${packages.join(' ')}`;
}
