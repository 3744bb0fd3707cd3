import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../run.ts';

/** Where this host's packages come from, as apt itself tells. */
export function aptSource(): { uri: string; suite: string } {
  const targets = run('apt-get', ['indextargets', '--format', '$(REPO_URI) $(CODENAME)', 'Created-By: Packages', 'Component: main']).output;
  const suite = /^VERSION_CODENAME=(.*)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'stable';
  const line = targets.split('\n').find(text => text.endsWith(` ${suite}`));
  if (line === undefined) throw new Error(`apt knows no packages of ${suite}: run apt-get update`);
  return { uri: line.split(' ')[0] ?? '', suite };
}

/**
 * Options that make apt-get read the sources of packages, from the same places as the packages, into lists of their own.
 * @param folder for the lists
 */
export function sourceOptions(folder: string): string[] {
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
      readIfThere(path)
        ?.replace(/^deb /gm, 'deb-src ')
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

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
