import { execFile } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild, type TestChild, testFolder } from '@podman-api/testing';
import { childrenOf } from '@podman-api/testing/processes';
import { findAptSource } from '../images/apt-source.ts';
import { debootstrap } from '../images/debian.ts';
import { runOrThrow } from '../images/run-or-throw.ts';
import { findProgram } from '../system/lookup.mjs';
import { checkout } from '../system/npm-packages.mjs';
import { run } from '../system/run.mjs';

export type Release = 'bookworm' | 'trixie';
/** `dev` is an ordinary user without sudo. */
export type User = 'root' | 'dev';

/** Result of a command. */
export interface CommandResult {
  readonly code: number;
  /** Its stdout and stderr. */
  readonly output: string;
}

/**
 * A minimal Debian, made by debootstrap, in separate namespaces. It has its own loopback and ports, and reaches the network
 * through slirp4netns.
 */
export interface DebianHost {
  /** Starts a shell command in the checkout. */
  start(user: User, command: string): TestChild;
  /** Runs a shell command in the checkout to its end. */
  run(user: User, command: string): Promise<CommandResult>;
  /** Puts the Node.js and npm of this machine into /opt/node, as an archive from nodejs.org would. */
  copyNode(): void;
  /** Copies the archives of the test images into the checkout, so that the host needs neither a compiler nor debootstrap for them. */
  copyTestImages(): void;
  /** Ends all its processes and removes it. */
  remove(): Promise<void>;
}

const folder = join(testFolder, 'setup');
const checkoutOnHost = '/srv/podman-api';
const certificates = '/etc/ssl/test-certificates.pem';
const uids: Readonly<Record<User, number>> = { root: 0, dev: 1000 };
const namespaces = ['--mount', '--pid', '--net', '--ipc', '--uts'];

/** Creates a host with a copy of this checkout that belongs to a user. */
export async function createDebianHost(release: Release, owner: User): Promise<DebianHost> {
  const archive = makeArchive(release);
  const root = mkdtempSync(join(folder, `${release}-`));
  runOrThrow('tar', ['--extract', '--directory', root, '--file', archive]);
  // mkdtemp creates the folder for root only, but it is the host's `/`.
  chmodSync(root, 0o755);
  configureRegistries(root);
  copyCheckout(join(root, checkoutOnHost));
  runOrThrow('chroot', [root, 'useradd', '--create-home', '--uid', String(uids.dev), 'dev']);
  runOrThrow('chroot', [root, 'chown', '--recursive', `${uids[owner]}:${uids[owner]}`, checkoutOnHost]);

  const script = fileURLToPath(new URL('debian-host.sh', import.meta.url));
  const unshare = startChild('unshare', [...namespaces, '--fork', '--kill-child', 'sh', script, root]);
  await unshare.waitForOutput('ready');
  const [init] = childrenOf(unshare.process.pid);
  if (init === undefined) throw new Error(`the host has no init process:\n${unshare.output()}`);
  const network = startChild('slirp4netns', ['--configure', '--mtu=65520', '--disable-host-loopback', String(init.pid), 'tap0']);
  await network.waitForOutput('received tapfd');

  const createEnterCommand = (user: User, command: string): [string, ...string[]] => [
    'nsenter',
    ...[`--target=${init.pid}`, ...namespaces, '--root', 'env', '--ignore-environment'],
    ...Object.entries(createVariables(user)).map(([name, value]) => `${name}=${value}`),
    ...['setpriv', `--reuid=${uids[user]}`, `--regid=${uids[user]}`, '--init-groups'],
    ...['sh', '-c', `cd ${checkoutOnHost} || exit; ${command}`],
  ];
  return {
    start(user, command) {
      const [program, ...args] = createEnterCommand(user, command);
      return startChild(program, args);
    },
    run(user, command) {
      const [program, ...args] = createEnterCommand(user, command);
      return new Promise(done => {
        const child = execFile(program, args, { maxBuffer: 64 * 1024 ** 2 }, (_error, stdout, stderr) => {
          done({ code: child.exitCode ?? -1, output: stdout + stderr });
        });
      });
    },
    copyNode() {
      copyNode(join(root, 'opt/node'));
    },
    copyTestImages() {
      cpSync(join(testFolder, 'images'), join(root, checkoutOnHost, '.podman-api/test/images'), { recursive: true });
    },
    async remove() {
      // The kernel ends all processes of the namespace before its init process is gone.
      process.kill(init.pid, 'SIGKILL');
      await unshare.ended;
      await network.end('SIGKILL');
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Creates an archive of the release, which later runs use again. */
function makeArchive(release: Release): string {
  const archive = join(folder, `${release}.tar`);
  if (existsSync(archive)) return archive;
  mkdirSync(folder, { recursive: true });
  const root = mkdtempSync(join(folder, `${release}-`));
  try {
    debootstrap(release, root, findAptSource().uri);
    runOrThrow('tar', ['--create', '--directory', root, '--file', `${archive}.draft`, '--exclude=./dev/*', '.']);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  renameSync(`${archive}.draft`, archive);
  return archive;
}

/** Lets apt and npm on the host use the same proxies and certificates as on this machine. */
function configureRegistries(root: string): void {
  // The resolver of slirp4netns, which asks that of this machine.
  writeFileSync(join(root, 'etc/resolv.conf'), 'nameserver 10.0.2.3\n');
  const apt = run('apt-config', ['dump', 'Acquire']).output.split('\n');
  const settings = apt.filter(line => /^Acquire::(?:https?::|Check-)/.test(line));
  writeFileSync(join(root, 'etc/apt/apt.conf.d/99test'), `${settings.join('\n')}\n`);
  const source = process.env['NODE_EXTRA_CA_CERTS'] ?? '/etc/ssl/certs/ca-certificates.crt';
  if (existsSync(source)) cpSync(source, join(root, certificates));
}

function createVariables(user: User): Readonly<Record<string, string>> {
  const proxies = Object.entries(process.env).filter(([name]) => /^(?:https?|no)_proxy$/i.test(name));
  const sbin = user === 'root' ? '/usr/local/sbin:/usr/sbin:/sbin:' : '';
  return {
    ...Object.fromEntries(proxies.map(([name, value]) => [name, value ?? ''])),
    ...Object.fromEntries(['registry', 'proxy', 'https-proxy'].flatMap(readNpmSetting)),
    NODE_EXTRA_CA_CERTS: certificates,
    HOME: user === 'root' ? '/root' : `/home/${user}`,
    USER: user,
    PATH: `/opt/node/bin:${sbin}/usr/local/bin:/usr/bin:/bin`,
  };
}

function readNpmSetting(name: string): [string, string][] {
  const { ok, output } = run('npm', ['config', 'get', name]);
  return ok && output !== 'null' ? [[`npm_config_${name.replaceAll('-', '_')}`, output]] : [];
}

/** Copies the files that git tracks, and new files that it does not ignore. */
function copyCheckout(target: string): void {
  const listed = run('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: checkout });
  if (!listed.ok) throw new Error(`git ls-files failed: ${listed.output}`);
  for (const path of listed.output.split('\n').filter(name => existsSync(join(checkout, name)))) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    cpSync(join(checkout, path), join(target, path));
  }
}

/** The Node.js in node_modules is left out: it needs a library that a minimal Debian lacks. */
function copyNode(target: string): void {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter(name => !resolve(name).includes('node_modules'));
  const find = (name: string) => realpathSync(path.map(entry => join(entry, name)).find(existsSync) ?? findProgram(name) ?? name);
  mkdirSync(join(target, 'bin'), { recursive: true });
  cpSync(find('node'), join(target, 'bin/node'));
  const npm = dirname(dirname(find('npm')));
  cpSync(npm, join(target, 'lib/node_modules/npm'), { recursive: true });
  for (const name of ['npm', 'npx']) {
    runOrThrow('ln', ['--symbolic', `../lib/node_modules/npm/bin/${name}-cli.js`, join(target, 'bin', name)]);
  }
}
