import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkout } from '../system/npm-packages.mjs';
import { createDebianHost, type DebianHost, type Release, type User } from './debian-host.ts';

/** Time limit for making a host, and for the tests on it, on a machine whose cores are all busy. */
const [hostTimeoutMs, testsTimeoutMs] = [1_800_000, 7_200_000];

/** Packages and apps whose integration and e2e tests run podman. */
const tested = ['packages/podman', 'packages/operations', 'packages/client', 'apps/api', 'apps/worker'];

/** Tests of these that do not run on the hosts, by reason. They all run in `npm test` on the podman of this machine. */
const excludedTests: Readonly<Record<string, readonly string[]>> = {
  'open pages in Chromium, which the hosts do not have': e2eOfApi('board', 'docs', 'pages'),
  'need Prometheus, which the hosts do not have': e2eOfApi('metrics'),
  'run no podman, or an imitation of it': e2eOfApi('cross-site', 'generated-client', 'host-header', 'hostile', 'slow-clients'),
  'are about kinds of Redis': e2eOfApi('redis/cluster', 'redis/settings'),
};

function e2eOfApi(...names: readonly string[]): readonly string[] {
  return names.map(name => `apps/api/test/${name}.e2e.test.ts`);
}

/** Packages that the set-up installs only for some users or runtimes. */
const packages: Readonly<Record<Release, string>> = {
  trixie: 'crun runc passt uidmap fuse-overlayfs',
  bookworm: 'runc slirp4netns uidmap fuse-overlayfs',
};

/** The set-up of the hosts, without the parts that only excluded tests need. */
const launch = 'tools/setup/launch podman,redis,podman-tests';

let host: DebianHost;

async function createTestHost(release: Release): Promise<void> {
  host = await createDebianHost(release, 'root');
  host.copyNode();
  host.copyTestImages();
  await runOrFail('root', launch);
  await runOrFail('root', `apt-get install --yes --no-install-recommends ${packages[release]}`);
}

async function runOrFail(user: User, command: string): Promise<string> {
  const { code, output } = await host.run(user, command);
  expect(code, `${command}\n${output.slice(-20_000)}`).toBe(0);
  return output;
}

/** Makes `dev` the owner of the checkout, without the state of root's podman. */
async function handOverCheckout(): Promise<void> {
  await runOrFail(
    'root',
    [
      'mv .podman-api ../state-of-root',
      'mkdir --parents .podman-api/test',
      'cp --recursive ../state-of-root/test/images .podman-api/test/images',
      'chown --recursive dev: .',
    ].join(' && '),
  );
}

/** Runs the tests with the settings that the set-up finds to work. */
async function expectTestsPass(user: User, version: string, runtime: string): Promise<void> {
  await runOrFail(user, launch);
  const settings = 'test ! -e .podman-api/containers.conf || export CONTAINERS_CONF=$PWD/.podman-api/containers.conf';
  const format = '{{.Version.Version}} {{.Host.OCIRuntime.Name}} {{.Host.Security.Rootless}}';
  const info = await runOrFail(user, `${settings}; podman info --format '${format}'`);
  expect(info).toMatch(new RegExp(`^${version.replace('.', '\\.')}\\.\\d+ ${runtime} ${user !== 'root'}$`, 'm'));
  const exclude = Object.values(excludedTests).flatMap(files => files.map(file => `--exclude=${file}`));
  await runOrFail(user, `NO_COLOR=1 ${launch} vitest run --project integration --project e2e ${[...tested, ...exclude].join(' ')}`);
  await runOrFail(user, `NO_COLOR=1 ${launch} vitest run --project long packages/podman/test/error-patterns`);
}

/** debootstrap and the namespaces of the hosts need root. */
const describeAsRoot = describe.runIf(process.getuid?.() === 0);

// `npm test` runs on the podman of this machine. These are the other combinations, on one host for each release.
describeAsRoot('the tests of podman on Debian 13', () => {
  beforeAll(() => createTestHost('trixie'), hostTimeoutMs);
  afterAll(() => host.remove(), hostTimeoutMs);

  it('pass for root with podman 5.4 and runc', { timeout: testsTimeoutMs }, async () => {
    await expectTestsPass('root', '5.4', 'runc');
  });

  it('pass for root with podman 5.4 and crun', { timeout: testsTimeoutMs }, async () => {
    // crun refuses a host that has both versions of cgroups mounted. The settings are found again.
    await runOrFail('root', 'if mountpoint --quiet /sys/fs/cgroup/unified; then umount /sys/fs/cgroup/unified; fi');
    await runOrFail('root', 'rm --force .podman-api/containers.conf .podman-api/proof.json');
    await expectTestsPass('root', '5.4', 'crun');
  });

  it('pass for an ordinary user with podman 5.4 and crun', { timeout: testsTimeoutMs }, async () => {
    await handOverCheckout();
    await expectTestsPass('dev', '5.4', 'crun');
  });
});

describeAsRoot('the tests of podman on Debian 12', () => {
  beforeAll(() => createTestHost('bookworm'), hostTimeoutMs);
  afterAll(() => host.remove(), hostTimeoutMs);

  it('pass for an ordinary user with podman 4.3 and runc', { timeout: testsTimeoutMs }, async () => {
    await handOverCheckout();
    await expectTestsPass('dev', '4.3', 'runc');
  });
});

describe('the list of tests that do not run there', () => {
  it('names files that exist', () => {
    expect(
      Object.values(excludedTests)
        .flat()
        .filter(file => !existsSync(join(checkout, file))),
    ).toEqual([]);
  });
});
