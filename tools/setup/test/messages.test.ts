import { describe, expect, it } from 'vitest';
import { findAptError } from '../system/install.mjs';
import { formatAnnouncement, formatRefusal, type Plan } from '../system/messages.mjs';
import { missingPackages } from '../system/packages.mjs';
import { fakeHost } from './fake-host.ts';

const [libatomic] = missingPackages(fakeHost(), []);
if (libatomic === undefined) throw new Error('libatomic1 is not in the table');

const plan: Plan = {
  manager: 'apt-get',
  rights: undefined,
  hasSudo: false,
  packages: [libatomic],
  usermod: ['usermod', '--add-subuids', '100000-165535', 'me'],
  needsNpmPackages: true,
  user: 'me',
};
const aptCommand = 'apt-get update && apt-get install --yes --no-install-recommends libatomic1';
const usermodCommand = 'usermod --add-subuids 100000-165535 me';
const listed = 'libatomic1 (a library of the Node.js that comes with the npm packages)';

describe('formatAnnouncement', () => {
  it('says what is going to be installed, and with which rights', () => {
    expect(formatAnnouncement({ ...plan, rights: 'root', usermod: undefined })).toEqual([
      `will install with apt-get as root: ${listed}`,
      'will install with npm ci as me: the npm packages of the project, among them a current Node.js, into node_modules',
    ]);
    expect(formatAnnouncement({ ...plan, rights: 'sudo', needsNpmPackages: false })).toEqual([
      `will install with apt-get as root, through sudo: ${listed}`,
      `will give me user and group ids for containers, as root, through sudo: ${usermodCommand}`,
    ]);
  });

  it('is empty if nothing is missing', () => {
    expect(formatAnnouncement({ ...plan, packages: [], usermod: undefined, needsNpmPackages: false })).toEqual([]);
  });
});

describe('formatRefusal', () => {
  it('names everything that only root can install, and one command for it', () => {
    expect(formatRefusal(plan, true)).toEqual({
      message: `missing, and only root can install it: ${listed}, user and group ids of me for containers`,
      remedy: `run this as root, then the same command again: ${aptCommand} && ${usermodCommand}`,
    });
  });

  it('uses sudo in the command if there is one', () => {
    expect(formatRefusal({ ...plan, hasSudo: true, usermod: undefined }, true).remedy).toBe(
      'run this, then the same command again: sudo apt-get update && sudo apt-get install --yes --no-install-recommends libatomic1',
    );
  });

  it('names the npm packages as well with --no-install', () => {
    const { message, remedy } = formatRefusal({ ...plan, rights: 'root', usermod: undefined }, false);
    expect(message).toBe(`missing, and not installed because of --no-install: ${listed}, the npm packages of the project`);
    expect(remedy).toBe(`run this, then "npm ci", then the same command again: ${aptCommand}`);
  });

  it('names npm ci alone if only the npm packages are missing', () => {
    const { remedy } = formatRefusal({ ...plan, packages: [], usermod: undefined }, false);
    expect(remedy).toBe('run "npm ci", then the same command again');
  });

  it("uses Fedora's names with dnf", () => {
    const { message, remedy } = formatRefusal({ ...plan, manager: 'dnf', rights: 'root', usermod: undefined }, true);
    expect(message).toContain('missing: libatomic (');
    expect(remedy).toBe('run this, then the same command again: dnf install --assumeyes --setopt=install_weak_deps=False libatomic');
  });

  it("names Debian's packages without a package manager that it knows", () => {
    const { remedy } = formatRefusal({ ...plan, manager: undefined }, true);
    expect(remedy).toBe(
      `install these with your package manager (the names are Debian's), run "${usermodCommand}" as root, then the same command again: libatomic1`,
    );
  });
});

describe('findAptError', () => {
  it("consists of apt's errors", () => {
    const output = 'Reading package lists...\nE: Unable to locate package podman\nE: Package curl has no installation candidate';
    expect(findAptError(output)).toBe('Unable to locate package podman Package curl has no installation candidate');
  });

  it('is the last line of other programs', () => {
    expect(findAptError('some\nusermod: no changes')).toBe('usermod: no changes');
  });
});
