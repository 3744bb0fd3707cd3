import { userInfo } from 'node:os';
import { readHost } from './host.mjs';
import { findProgram } from './lookup.mjs';
import { formatAnnouncement, formatRefusal, rootCommands } from './messages.mjs';
import { checkOwnNode, hasNpmPackages, installNpmPackages } from './npm-packages.mjs';
import { missingPackages } from './packages.mjs';
import { log, run, SetupError } from './run.mjs';
import { subordinateIdsCommand } from './subordinate-ids.mjs';

/** @import { Plan } from './messages.mjs' */

/** Another apt-get, such as that of unattended upgrades, may hold apt's lock for a while. */
const apt = ['--quiet', '--option=DPkg::Lock::Timeout=120'];

/**
 * Finds out what is missing on this host for some groups of packages.
 * @param {readonly string[]} groups
 * @returns {Plan}
 */
export function makePlan(groups) {
  const manager = /** @type {const} */ (['apt-get', 'dnf']).find(name => findProgram(name) !== undefined);
  const missing = missingPackages(readHost(), groups);
  const packages = manager === 'apt-get' ? keepAvailable(missing) : missing;
  const usermod = groups.includes('podman') ? subordinateIdsCommand() : undefined;
  return {
    manager,
    rights: packages.length > 0 || usermod ? readRights() : undefined,
    hasSudo: findProgram('sudo') !== undefined,
    packages,
    usermod,
    needsNpmPackages: !hasNpmPackages(),
    user: userInfo().username,
  };
}

/**
 * Installs what is missing, after printing what that is, and proves that the project's Node.js runs.
 * @param {readonly string[]} groups
 * @param {boolean} mayInstall
 * @throws {SetupError} if something is missing and may not be installed, or a step fails
 */
export function install(groups, mayInstall) {
  const plan = makePlan(groups);
  const needsRoot = plan.packages.length > 0 || plan.usermod !== undefined;
  const canInstall = plan.rights !== undefined && (plan.manager === 'apt-get' || plan.packages.length === 0);
  if ((needsRoot && !(mayInstall && canInstall)) || (plan.needsNpmPackages && !mayInstall)) {
    const { message, remedy } = formatRefusal(plan, mayInstall);
    throw new SetupError(message, remedy);
  }
  for (const line of formatAnnouncement(plan)) log(line);
  if (needsRoot) runAsRoot(plan, groups);
  if (plan.needsNpmPackages) installNpmPackages();
  checkOwnNode();
}

function readRights() {
  if (process.getuid?.() === 0) return 'root';
  return run('sudo', ['--non-interactive', 'true']).ok ? 'sudo' : undefined;
}

/**
 * Returns the packages that this release of the distribution has; all of them if apt has no lists of packages.
 * @template {{ debian: string }} Package
 * @param {readonly Package[]} packages
 * @returns {readonly Package[]}
 */
function keepAvailable(packages) {
  if (packages.length === 0) return packages;
  const { output } = run('apt-cache', ['policy', ...packages.map(({ debian }) => debian)], { env: { LC_ALL: 'C' } });
  return filterAvailable(packages, output);
}

/**
 * @template {{ debian: string }} Package
 * @param {readonly Package[]} packages
 * @param {string} policy what `apt-cache policy` printed about them
 * @returns {readonly Package[]}
 */
export function filterAvailable(packages, policy) {
  const known = new Set([...policy.matchAll(/^(\S+):\n(?: .*\n)*? {2}Candidate: (?!\(none\))/gm)].map(([, name]) => name));
  return known.size === 0 ? packages : packages.filter(({ debian }) => known.has(debian));
}

/**
 * Runs the commands of a plan, with apt-get if packages are missing.
 * @param {Plan} plan
 * @param {readonly string[]} groups
 */
function runAsRoot(plan, groups) {
  // An unreachable source of packages may not matter: the installation shows whether it does.
  if (plan.packages.length > 0) runCommand(plan, ['apt-get', 'update']);
  const commands = rootCommands({ ...plan, packages: keepAvailable(plan.packages) }).filter(([, action]) => action !== 'update');
  for (const command of commands) {
    const { ok, output } = runCommand(plan, command);
    if (!ok) throw new SetupError(`"${command.slice(0, 2).join(' ')}" failed: ${findAptError(output)}`, findAptRemedy(output, plan));
  }
  const missing = missingPackages(readHost(), groups);
  if (missing.length === 0) return;
  throw new SetupError(
    `still missing after the installation: ${missing.map(({ debian, reason }) => `${debian} (${reason})`).join(', ')}`,
    'Install it another way, or use a newer release of the system; see docs/hosts.md.',
  );
}

/**
 * @param {Plan} plan
 * @param {readonly string[]} command
 */
function runCommand({ rights }, [name = '', ...args]) {
  const prefix = rights === 'root' ? [] : ['sudo', '--non-interactive'];
  const [program = '', ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', name, ...(name === 'apt-get' ? apt : []), ...args];
  return run(program, rest);
}

/**
 * Returns apt's error lines, or else the last line.
 * @param {string} output
 */
export function findAptError(output) {
  const errors = output.split('\n').filter(line => line.startsWith('E: '));
  return errors.map(line => line.slice('E: '.length)).join(' ') || (output.split('\n').at(-1) ?? '');
}

/**
 * @param {string} output
 * @param {Plan} plan
 */
function findAptRemedy(output, plan) {
  const again = 'then run the same command again.';
  if (/dpkg --configure -a/.test(output)) return `Run "dpkg --configure -a" as root, ${again}`;
  if (/Could not get lock/.test(output)) return `Wait until the other package manager has finished, ${again}`;
  const commands = rootCommands(plan).map(words => words.join(' '));
  return `Run this as root to see all of its output, fix the cause, ${again.slice(0, -1)}: ${commands.join(' && ')}`;
}
