import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../system/lookup.mjs';
import { run, SetupError } from '../system/run.mjs';

/**
 * Finds the Debian mirror that apt uses on this host.
 * @throws {SetupError} if apt has no lists of packages
 */
export function findAptSource(): { uri: string; suite: string } {
  const targets = run('apt-get', ['indextargets', '--format', '$(REPO_URI) $(CODENAME)', 'Created-By: Packages', 'Component: main']).output;
  const suite = /^VERSION_CODENAME=(.*)$/m.exec(readText('/etc/os-release'))?.[1] ?? 'stable';
  const line = targets.split('\n').find(text => text.endsWith(` ${suite}`));
  if (line === undefined) {
    throw new SetupError(`apt has no list of the packages of ${suite}`, 'Run "apt-get update" as root, then run the same command again.');
  }
  return { uri: line.split(' ')[0] ?? '', suite };
}

/**
 * Creates options with which apt-get finds the sources of packages, on the same mirrors as the packages, in separate lists.
 * @param folder for the lists
 */
export function createSourceOptions(folder: string): string[] {
  const parts = join(folder, 'sources');
  const lists = join(folder, 'lists');
  mkdirSync(parts, { recursive: true });
  mkdirSync(join(lists, 'partial'), { recursive: true });
  const main = '/etc/apt/sources.list';
  const files = [main, ...readdirSync(`${main}.d`).map(name => join(`${main}.d`, name))];
  for (const [index, path] of files.entries()) {
    const end = /\.(list|sources)$/.exec(path)?.[0];
    const text =
      end &&
      readText(path)
        .replace(/^deb /gm, 'deb-src ')
        .replace(/^Types: deb$/gm, 'Types: deb-src');
    if (text) writeFileSync(join(parts, `${index}${end}`), text);
  }
  const settings = {
    'Etc::sourceparts': parts,
    'Etc::sourcelist': '/dev/null',
    'State::Lists': lists,
    'Cache::pkgcache': '',
    'Cache::srcpkgcache': '',
  };
  return [...Object.entries(settings).map(([name, value]) => `--option=Dir::${name}=${value}`), '--option=APT::Sandbox::User=root'];
}
