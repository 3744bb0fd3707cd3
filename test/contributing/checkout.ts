import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Copies the files that git tracks or would add, in their present state. Installed packages and the tests' images are symbolic
 * links; the packages of this repository are those of the copy.
 */
export function copyCheckout(from: string, to: string): void {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: from, encoding: 'utf8' });
  for (const path of listed.split('\0').filter(path => path !== '' && existsSync(join(from, path)))) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    copyFileSync(join(from, path), join(to, path));
  }
  linkEntries(from, to, 'node_modules', ['@podman-api']);
  linkEntries(from, to, '.podman-api', ['coverage', 'redis']);
  mkdirSync(join(to, 'node_modules/@podman-api'));
  // npm has linked these relative to node_modules, so that the same links lead to the packages of the copy.
  execFileSync('cp', ['--archive', join(from, 'node_modules/@podman-api'), join(to, 'node_modules')]);
  for (const parent of ['apps', 'packages', 'tools'].flatMap(folder => readdirSync(join(from, folder)).map(name => join(folder, name)))) {
    if (existsSync(join(from, parent, 'node_modules'))) linkEntries(from, to, join(parent, 'node_modules'), []);
  }
}

function linkEntries(from: string, to: string, folder: string, except: readonly string[]): void {
  mkdirSync(join(to, folder), { recursive: true });
  for (const entry of readdirSync(join(from, folder)).filter(name => !except.includes(name))) {
    symlinkSync(join(from, folder, entry), join(to, folder, entry));
  }
}
