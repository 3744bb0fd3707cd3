// Packages that the tests need from the host's package manager, besides those in packages.mjs.

/** @import { Host } from './host.mjs' */

/** @typedef {'node' | 'podman' | 'redis' | 'tests'} Group */

/**
 * @typedef {object} SystemPackage
 * @property {Group} group which part of the project needs it; `node` is needed by all
 * @property {string} debian its name in Debian and Ubuntu
 * @property {string} [fedora] its name in Fedora; default: the same
 * @property {string} reason shown to the user, after the name
 * @property {(host: Host) => boolean} isPresent whether the host has what the package brings, from whichever source
 * @property {(host: Host) => boolean} [isNeeded] default: always
 * @property {boolean} [isOptional] installed together with others, but the project starts without it; default: false
 */

/** Folders of Python's modules in Debian and Fedora, for versions from 3.11, which the Python client needs. */
const pythonFolders = ['/usr/lib', '/usr/lib64'].flatMap(lib => ['3.11', '3.12', '3.13', '3.14'].map(version => `${lib}/python${version}`));

/** @type {readonly SystemPackage[]} */
export const testPackages = [
  {
    group: 'tests',
    debian: 'curl',
    reason: 'sends the calls in the docs, which the tests run',
    isPresent: host => host.hasProgram('curl'),
  },
  {
    group: 'tests',
    debian: 'iproute2',
    reason: 'gives the browser of the tests a separate network namespace (ip)',
    isPresent: host => host.hasProgram('ip'),
  },
  {
    group: 'tests',
    debian: 'haproxy',
    reason: 'checks the configuration in ops/proxy; Debian also starts it as a service, which listens nowhere',
    isPresent: host => host.hasProgram('haproxy'),
  },
  {
    group: 'tests',
    debian: 'systemd',
    reason: 'checks the units in ops/systemd (systemd-analyze)',
    isPresent: host => host.hasProgram('systemd-analyze'),
  },
  {
    group: 'tests',
    debian: 'chromium',
    reason: 'the browser of the tests',
    isPresent: host => ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].some(host.hasProgram),
  },
  {
    group: 'tests',
    debian: 'debootstrap',
    reason: 'makes the Debian images of the tests',
    isNeeded: host => !host.isRootless,
    isPresent: host => host.hasProgram('debootstrap'),
  },
  {
    group: 'tests',
    debian: 'slirp4netns',
    reason: "connects the set-up's test hosts to the network",
    isNeeded: host => !host.isRootless,
    isPresent: host => host.hasProgram('slirp4netns'),
  },
  {
    group: 'tests',
    debian: 'python3-venv',
    fedora: 'python3',
    reason: 'runs the Python client, and installs it in a separate environment',
    isPresent: host => host.hasProgram('python3') && pythonFolders.some(folder => host.hasFile(`${folder}/ensurepip/__init__.py`)),
  },
  {
    group: 'tests',
    debian: 'mypy',
    fedora: 'python3-mypy',
    reason: 'checks the types of the Python client',
    isPresent: host => host.hasProgram('mypy'),
  },
  {
    group: 'tests',
    debian: 'gcc',
    reason: 'compiles the BusyBox of a test image',
    isNeeded: host => !host.hasTestImages,
    isPresent: host => host.hasProgram('gcc'),
  },
  {
    group: 'tests',
    debian: 'libc6-dev',
    fedora: 'glibc-static',
    reason: 'compiles the BusyBox of a test image',
    isNeeded: host => !host.hasTestImages,
    isPresent: host => host.hasLibrary('libc.a'),
  },
  {
    group: 'tests',
    debian: 'make',
    reason: 'compiles the BusyBox of a test image',
    isNeeded: host => !host.hasTestImages,
    isPresent: host => host.hasProgram('make'),
  },
  {
    group: 'tests',
    debian: 'bzip2',
    reason: 'unpacks the source of BusyBox',
    isNeeded: host => !host.hasTestImages,
    isPresent: host => host.hasProgram('bzip2'),
  },
];
