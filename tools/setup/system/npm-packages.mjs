import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readText } from './lookup.mjs';
import { run, SetupError } from './run.mjs';

export const checkout = fileURLToPath(new URL('../../../', import.meta.url));
const modules = join(checkout, 'node_modules');

/** The current Node.js that comes as an npm package. */
export const ownNode = join(modules, '.bin', 'node');

/**
 * Whether npm has installed what package-lock.json says. npm records this when it has finished, so an interrupted run leaves
 * no record.
 */
export function hasNpmPackages() {
  return existsSync(ownNode) && isInstalled(readText(join(checkout, 'package-lock.json')), readText(join(modules, '.package-lock.json')));
}

/**
 * @param {string} wanted content of package-lock.json
 * @param {string} installed content of npm's node_modules/.package-lock.json; empty if there is none
 */
export function isInstalled(wanted, installed) {
  const present = readPackages(installed);
  if (present === undefined) return false;
  /** @type {{ packages: Record<string, Locked> }} */
  const { packages } = JSON.parse(wanted);
  return Object.entries(packages)
    .filter(([path, { link }]) => path.includes('node_modules/') && !link)
    .every(([path, { version, optional }]) => present[path]?.version === version || (optional && present[path] === undefined));
}

/** @typedef {{ version?: string, link?: boolean, optional?: boolean }} Locked */

/**
 * @param {string} lock
 * @returns {Record<string, Locked> | undefined} `undefined` if the file is incomplete: npm does not write it atomically, and a full disk cuts it off
 */
function readPackages(lock) {
  try {
    return JSON.parse(lock).packages;
  } catch {
    return undefined;
  }
}

/**
 * Installs the npm packages.
 * @throws {SetupError} with npm's reason
 */
export function installNpmPackages() {
  const args = ['ci', '--strict-allow-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env['npm_execpath'] ?? '';
  const { ok, output } = npm.endsWith('npm-cli.js')
    ? run(process.execPath, [npm, ...args], { cwd: checkout })
    : run('npm', args, { cwd: checkout });
  if (!ok) throw new SetupError(`"npm ci" failed: ${findNpmError(output)}`, findNpmRemedy(output));
}

/**
 * Checks the npm packages and installs nothing.
 * @throws {SetupError} if they are missing or out of date, or their Node.js does not run
 */
export function checkNpmPackages() {
  if (!hasNpmPackages())
    throw new SetupError('the npm packages are missing or out of date', 'Run "npm run setup", then the same command again.');
  checkOwnNode();
}

/**
 * Returns the line that says why npm failed.
 * @param {string} output
 */
export function findNpmError(output) {
  const lines = output.split('\n').map(line => line.replace(/^npm (?:ERR!|error) ?/, '').trim());
  const code = lines.find(line => line.startsWith('code '))?.slice('code '.length);
  const reason = lines.find(line => line !== '' && !/^(?:code|errno|syscall|path|dest|command|npm|A complete log)\b/.test(line));
  return [code, reason].filter(Boolean).join(': ') || 'npm printed no reason';
}

/** @param {string} output */
export function findNpmRemedy(output) {
  const again = 'then run the same command again.';
  if (/E(?:ACCES|PERM)\b/.test(output)) return `Make this user the owner of the checkout (chown -R), ${again}`;
  if (/ENOSPC/.test(output)) return `Free some disk space, ${again}`;
  if (/ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|CERT|network/.test(output))
    return `Check the network and npm's settings (npm config get registry, proxy, cafile), ${again}`;
  return `Run "npm ci" to see all of its output, fix the cause, ${again}`;
}

/**
 * Proves that the Node.js of the npm packages runs on this host.
 * @throws {SetupError} with the loader's reason
 */
export function checkOwnNode() {
  const { ok, output } = run(ownNode, ['--version']);
  if (ok) return;
  const reason = output.split('\n').at(-1) ?? '';
  const [, library] = /shared libraries: ([^:]+):/.exec(output) ?? [];
  throw new SetupError(
    `the Node.js in node_modules does not run: ${reason}`,
    library === undefined
      ? 'Remove node_modules and run the same command again; see docs/hosts.md for the systems that it runs on.'
      : `Install the package of your system that has ${library}, then run the same command again.`,
  );
}
