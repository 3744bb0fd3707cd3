import type { TestChild } from '@podman-api/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDebianHost, type DebianHost, type Release, type User } from './debian-host.ts';

const api = 'http://127.0.0.1:5000/api/v1';
/** Time limit for making a host, on a machine whose cores are all busy. */
const hostTimeoutMs = 1_800_000;
/** The README's command for Node.js, on a host whose lists of packages are as old as its archive. */
const debianNode = 'apt-get update && apt-get install --yes --no-install-recommends nodejs npm';

/** debootstrap and the namespaces of the hosts need root. */
const describeAsRoot = describe.runIf(process.getuid?.() === 0);

let host: DebianHost;

/** Starts the service, makes a container that serves a page, and reads the page through the published port. */
async function expectServiceWithContainer(user: User): Promise<TestChild> {
  const service = host.start(user, 'npm start');
  await service.waitForOutput('Ctrl-C');
  const health = await host.run(user, `curl --silent --show-error ${api}/health`);
  expect(health.output).toContain('"status":"healthy"');

  const page = 'mkdir /www && echo "hello from a container" > /www/index.html && exec httpd -f -p 80 -h /www';
  const body = JSON.stringify({ image: 'localhost/podman-api/busybox', name: 'web', command: ['sh', '-c', page], ports: ['8080:80'] });
  const created = await host.run(user, `curl --silent --show-error ${api}/containers -H 'Content-Type: application/json' -d '${body}'`);
  expect(created.output).toContain('"status":"running"');
  const answer = await host.run(
    user,
    'curl --silent --show-error --retry 30 --retry-delay 1 --retry-all-errors --max-time 60 http://127.0.0.1:8080/',
  );
  expect(answer.output).toContain('hello from a container');
  return service;
}

describeAsRoot.each<[Release, string]>([
  ['bookworm', 'with a Node.js that is not from Debian'],
  ['trixie', "with Debian's Node.js"],
])('npm start as root on a minimal %s %s', (release, node) => {
  beforeEach(async () => {
    host = await createDebianHost(release, 'root');
    if (node.includes('not')) host.copyNode();
    else expect(await host.run('root', debianNode)).toMatchObject({ code: 0 });
    // It has a program called "bridge", like a plug-in of CNI.
    const added = await host.run('root', 'apt-get update && apt-get install --yes --no-install-recommends iproute2');
    expect(added).toMatchObject({ code: 0 });
  }, hostTimeoutMs);
  afterEach(() => host.remove(), hostTimeoutMs);

  it('says what it installs, and serves a container with a published port', async () => {
    const service = await expectServiceWithContainer('root');
    expect(service.output()).toContain('set-up: will install with apt-get as root: libatomic1 (');
    expect(service.output()).toContain('set-up: will install with npm ci as root: ');
    const info = await host.run('root', "podman info --format '{{.Host.NetworkBackend}}'");
    expect(info.output).toContain('netavark');

    const again = await host.run('root', 'npm run setup -- --no-install');
    expect(again.code, again.output).toBe(0);
    expect(again.output).not.toContain('set-up:');
  });
});

describeAsRoot.each<[Release, string]>([
  ['bookworm', "with Debian's Node.js"],
  ['trixie', 'with a Node.js that is not from Debian'],
])('npm start as an ordinary user on a minimal %s %s', (release, node) => {
  beforeEach(async () => {
    host = await createDebianHost(release, 'dev');
    if (node.includes('not')) host.copyNode();
    else expect(await host.run('root', debianNode)).toMatchObject({ code: 0 });
  }, hostTimeoutMs);
  afterEach(() => host.remove(), hostTimeoutMs);

  it('names one command for root, after which it works', async () => {
    // 1. Without the right to install, it names the missing packages and stops.
    const refused = await host.run('dev', 'npm start');
    expect(refused.code, refused.output).toBe(1);
    const [, command = ''] = /run this as root, then the same command again: (.*)/.exec(refused.output) ?? [];
    expect(command).toMatch(/^apt-get update && apt-get install .*\bpodman\b.*\bredis-server\b/);
    expect(refused.output.match(/set-up: /g)).toHaveLength(2);

    // 2. With --no-install, the npm packages are named as well.
    const withNoInstall = await host.run('dev', 'npm start -- --no-install');
    expect(withNoInstall.code, withNoInstall.output).toBe(1);
    expect(withNoInstall.output).toMatch(/not installed because of --no-install: libatomic1 .*, the npm packages of the project\n/);
    expect(await host.run('dev', 'ls node_modules')).toMatchObject({ code: 2 });

    // 3. Root runs the named command.
    expect(await host.run('root', command)).toMatchObject({ code: 0 });

    // 4. npm cannot reach its registry: the cause and the remedy.
    const offline = await host.run('dev', 'npm_config_registry=http://127.0.0.1:9/ npm_config_fetch_retries=0 npm start');
    expect(offline.code, offline.output).toBe(1);
    expect(offline.output).toMatch(/set-up: "npm ci" failed: ECONNREFUSED: .*\nset-up: Check the network and npm's settings/);

    // 5. The installation of the npm packages is killed midway.
    const killed = await host.run('dev', 'npm start & until [ -e node_modules/koa ]; do sleep 0.2; done; kill -9 -1');
    expect(killed.output).toContain('set-up: will install with npm ci as dev: ');

    // 6. The next run continues from there.
    const service = await expectServiceWithContainer('dev');
    expect(service.output()).toContain('set-up: will install with npm ci as dev: ');
    expect(service.output()).not.toContain('apt-get');
  });
});

describeAsRoot('npm run setup as a user who may use sudo, on a minimal trixie', () => {
  beforeEach(async () => {
    host = await createDebianHost('trixie', 'dev');
    await host.run('root', `${debianNode} sudo && echo "dev ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/dev`);
  }, hostTimeoutMs);
  afterEach(() => host.remove(), hostTimeoutMs);

  it('installs through sudo, and gives a user without subordinate ids some', async () => {
    await host.run('root', 'sed -i /^dev:/d /etc/subuid /etc/subgid');
    const { code, output } = await host.run('dev', 'npm run setup');
    expect(code, output).toBe(0);
    expect(output).toContain('set-up: will install with apt-get as root, through sudo: libatomic1 (');
    expect(output).toMatch(/set-up: will give dev user and group ids for containers, as root, through sudo: usermod --add-subuids/);
    expect(output).toContain('set-up: a container runs');
  });
});
