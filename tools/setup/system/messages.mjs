/** @import { SystemPackage } from './test-packages.mjs' */

/**
 * Steps of a set-up on this host.
 * @typedef {object} Plan
 * @property {Manager | undefined} manager `undefined` if the host has none that the set-up knows
 * @property {'root' | 'sudo' | undefined} rights how the set-up may become root; `undefined` if it may not
 * @property {boolean} hasSudo whether a person could use sudo, with a password
 * @property {readonly SystemPackage[]} packages missing packages
 * @property {readonly string[] | undefined} usermod command that gives the user subordinate ids, if they have none
 * @property {boolean} needsNpmPackages
 * @property {string} user
 */

/** @typedef {'apt-get' | 'dnf'} Manager */

/**
 * Returns the commands that install everything that is missing except npm packages, in order; all need root.
 * @param {Pick<Plan, 'manager' | 'packages' | 'usermod'>} plan
 * @returns {string[][]}
 */
export function rootCommands({ manager, packages, usermod }) {
  return [...(packages.length > 0 ? packageCommands(manager, packages) : []), ...(usermod ? [[...usermod]] : [])];
}

/**
 * @param {Manager | undefined} manager
 * @param {readonly SystemPackage[]} packages
 * @returns {string[][]}
 */
function packageCommands(manager, packages) {
  switch (manager) {
    case 'apt-get':
      return [
        ['apt-get', 'update'],
        ['apt-get', 'install', '--yes', '--no-install-recommends', ...packages.map(({ debian }) => debian)],
      ];
    case 'dnf':
      return [
        ['dnf', 'install', '--assumeyes', '--setopt=install_weak_deps=False', ...packages.map(({ debian, fedora }) => fedora ?? debian)],
      ];
    default:
      return [];
  }
}

/**
 * Returns lines that say what is going to be installed, and with which rights.
 * @param {Plan} plan
 */
export function formatAnnouncement({ manager, rights, packages, usermod, needsNpmPackages, user }) {
  const as = rights === 'root' ? 'as root' : 'as root, through sudo';
  return [
    ...(packages.length > 0 ? [`will install with ${manager} ${as}: ${formatPackages({ manager, packages })}`] : []),
    ...(usermod ? [`will give ${user} user and group ids for containers, ${as}: ${usermod.join(' ')}`] : []),
    ...(needsNpmPackages
      ? [`will install with npm ci as ${user}: the npm packages of the project, among them a current Node.js, into node_modules`]
      : []),
  ];
}

/**
 * Returns two lines for a set-up that may not install: all that is missing, and how to install it.
 * @param {Plan} plan
 * @param {boolean} isAllowed `false` if the user has ruled it out with --no-install
 * @returns {{ message: string, remedy: string }}
 */
export function formatRefusal(plan, isAllowed) {
  const { packages, usermod, needsNpmPackages, user } = plan;
  const missing = [
    ...(packages.length > 0 ? [formatPackages(plan)] : []),
    ...(usermod ? [`user and group ids of ${user} for containers`] : []),
    // Without --no-install, npm's packages follow by themselves.
    ...(needsNpmPackages && !isAllowed ? ['the npm packages of the project'] : []),
  ].join(', ');
  return { message: `${refusalReason(plan, isAllowed)}: ${missing}`, remedy: refusalRemedy(plan, isAllowed) };
}

/**
 * @param {Plan} plan
 * @param {boolean} isAllowed
 */
function refusalReason({ rights }, isAllowed) {
  if (!isAllowed) return 'missing, and not installed because of --no-install';
  return rights === undefined ? 'missing, and only root can install it' : 'missing';
}

/**
 * @param {Plan} plan
 * @param {boolean} isAllowed
 */
function refusalRemedy(plan, isAllowed) {
  const { manager, rights, hasSudo, packages, needsNpmPackages } = plan;
  const next = needsNpmPackages && !isAllowed ? 'then "npm ci", then the same command again' : 'then the same command again';
  const sudo = rights !== 'root' && hasSudo ? 'sudo ' : '';
  const commands = rootCommands(plan)
    .map(words => sudo + words.join(' '))
    .join(' && ');
  if (packages.length > 0 && manager === undefined) {
    const names = packages.map(({ debian }) => debian).join(' ');
    return `install these with your package manager (the names are Debian's)${commands && `, run "${commands}" as root`}, ${next}: ${names}`;
  }
  if (commands === '') return 'run "npm ci", then the same command again';
  return `run this${sudo === '' && rights !== 'root' ? ' as root' : ''}, ${next}: ${commands}`;
}

/**
 * Returns each package with its reason. Without a package manager that the set-up knows, the names are Debian's.
 * @param {Pick<Plan, 'manager' | 'packages'>} plan
 */
function formatPackages({ manager, packages }) {
  return packages.map(({ debian, fedora, reason }) => `${(manager === 'dnf' ? fedora : undefined) ?? debian} (${reason})`).join(', ');
}
