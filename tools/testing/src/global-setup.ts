import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { testMarkerText, testNamePrefix } from './marker.ts';
import { findNodesFolders, removeNodeStorages, removeNodes } from './node-folders.ts';
import { findNodeInterfaces } from './node-networks.ts';
import { testPodman } from './podman.ts';
import { testFolder } from './storage.ts';

/** One file per project of each test run of this checkout: `<process id of Vitest>.<random>`. */
const runsFolder = join(testFolder, 'runs');
/** Time limit for processes to exit, and for another project's set-up to remove its containers. */
const settleTimeoutMs = 60_000;

/**
 * Vitest's global set-up of the projects that start processes. Removes containers, volumes, networks and
 * processes that an interrupted run has left behind.
 * @returns the check after all tests, which throws if any of these remains. With several projects
 * or runs in one checkout, the last one to finish checks for all, because each project has its own shared service.
 */
export async function setup(): Promise<() => Promise<void>> {
  const runFile = join(runsFolder, `${process.pid}.${randomUUID()}`);
  mkdirSync(runsFolder, { recursive: true });
  // Each project of a run calls this; only the first one finds that no run is active.
  const isFirst = !isRunActive();
  writeFileSync(runFile, '');
  if (isFirst) await removeRemaining();
  return async () => {
    rmSync(runFile, { force: true });
    const deadline = performance.now() + settleTimeoutMs;
    while (!isRunActive()) {
      const remaining = await findRemaining();
      if (remaining.length === 0) return;
      if (performance.now() > deadline)
        throw new Error(
          `The tests left containers, volumes, networks or processes behind; remove them in the tests that create them:\n${remaining.join('\n')}`,
        );
      await delay(250);
    }
  };
}

/** Returns whether a run is active. The file of a killed run does not count, because its process has exited. */
function isRunActive(): boolean {
  return readdirSync(runsFolder).some(file => read(`/proc/${file.split('.')[0]}/cmdline`).includes('vitest'));
}

async function removeRemaining(): Promise<void> {
  // Containers go last: a worker that still runs could make another one.
  const deadline = performance.now() + settleTimeoutMs;
  // The name server of a network ends with its last container, which podman removes below.
  const services = () => remainingPids().filter(pid => !isConmonOfTests(pid) && !isNameServer(pid));
  for (const pid of services()) kill(pid, 'SIGTERM');
  while (services().length > 0 && performance.now() < deadline) await delay(100);
  for (const pid of services()) kill(pid, 'SIGKILL');
  const podman = testPodman();
  await podman.run(['rm', '--all', '--force', '--time=0', '--volumes']);
  await podman.run(['volume', 'prune', '--force']);
  for (const network of await findNetworks()) await podman.run(['network', 'rm', '--force', '--', network]);
  for (const folder of findNodesFolders()) await removeNodes(folder, AbortSignal.timeout(settleTimeoutMs));
  // Those of a fleet whose folder was removed without podman.
  for (const name of findNodeInterfaces()) spawnSync('ip', ['link', 'delete', name]);
  for (const pid of remainingPids().filter(isNameServer)) kill(pid, 'SIGKILL');
}

/**
 * Returns the networks that tests of this checkout have created. Those of all podmans of the host are in one folder, except for the
 * networks of test fleets, so they are known by their names.
 */
async function findNetworks(): Promise<string[]> {
  return lines(await testPodman().run(['network', 'ls', '--format={{.Name}}'])).filter(name => name.startsWith(testNamePrefix));
}

function kill(pid: string, signal: NodeJS.Signals): void {
  try {
    process.kill(Number(pid), signal);
  } catch {
    // The process has exited meanwhile.
  }
}

async function findRemaining(): Promise<string[]> {
  const podman = testPodman();
  const containers = await podman.run(['ps', '--all', '--format=container {{.Names}}']);
  const volumes = await podman.run(['volume', 'ls', '--format=volume {{.Name}}']);
  const networks = (await findNetworks()).map(name => `network ${name}`);
  const interfaces = findNodeInterfaces().map(name => `network interface ${name}`);
  const remaining = [...lines(containers), ...lines(volumes), ...networks, ...interfaces, ...remainingProcesses()];
  // If only folders remain, a late clean-up of podman has created parts of a storage again.
  if (remaining.length === 0) for (const folder of findNodesFolders()) await removeNodeStorages(folder);
  return [...remaining, ...findNodesFolders()];
}

function lines(text: string): string[] {
  return text.split('\n').filter(line => line !== '');
}

function remainingPids(): string[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter(pid => (isMarked(read(`/proc/${pid}/environ`)) && !isPause(pid) && !isSharedNameServer(pid)) || isConmonOfTests(pid));
}

function remainingProcesses(): string[] {
  return remainingPids().map(pid => `${pid}: ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').slice(0, 200)}`);
}

/** Returns whether a process belongs to tests. Workers pass on to podman the storage of the tests, but not the marker. */
function isMarked(environment: string): boolean {
  return environment.includes(testMarkerText) || environment.includes(`CONTAINERS_STORAGE_CONF=${testFolder}/`);
}

/** Returns whether a process is the pause process of a rootless user, which all podman commands share, podman-system-migrate(1). */
function isPause(pid: string): boolean {
  return process.getuid?.() !== 0 && read(`/proc/${pid}/cmdline`).startsWith('catatonit\0-P\0');
}

/**
 * Returns whether a process is the name server of netavark. All podmans of the host share it, so it may have networks of other podman
 * installations.
 */
function isSharedNameServer(pid: string): boolean {
  return isProgram(pid, 'aardvark-dns');
}

/** Returns whether a process is the name server of one network of CNI. */
function isNameServer(pid: string): boolean {
  return isProgram(pid, 'dnsmasq');
}

function isProgram(pid: string, name: string): boolean {
  return basename(read(`/proc/${pid}/cmdline`).split('\0')[0] ?? '') === name;
}

/** Returns whether a process is a conmon of the tests. Its environment is not that of podman, so its arguments are examined. */
function isConmonOfTests(pid: string): boolean {
  const command = read(`/proc/${pid}/cmdline`);
  return command.includes('conmon') && command.includes(testFolder);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
