import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { testMarkerText } from './marker.ts';
import { testPodman } from './podman.ts';
import { testFolder } from './storage.ts';

/** One file per project of each test run of this checkout: `<process id of Vitest>.<random>`. */
const runsFolder = join(testFolder, 'runs');
/** Limit for processes to exit, and for another project's set-up to remove its containers. */
const settleTimeoutMs = 60_000;

/**
 * Vitest's global set-up of the projects that start processes. Removes containers, volumes and processes that an
 * interrupted run has left behind.
 * @returns the check after all tests, which throws if a container, a volume or a process of the tests remains. With several projects
 * or runs in one checkout, the last one to finish checks for all, because each project has a shared service of its own.
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
          `The tests left containers, volumes or processes behind; remove them in the tests that create them:\n${remaining.join('\n')}`,
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
  const services = () => remainingPids().filter(pid => !isConmonOfTests(pid));
  for (const pid of services()) kill(pid, 'SIGTERM');
  while (services().length > 0 && performance.now() < deadline) await delay(100);
  for (const pid of services()) kill(pid, 'SIGKILL');
  const podman = testPodman();
  await podman.run(['rm', '--all', '--force', '--time=0', '--volumes']);
  await podman.run(['volume', 'prune', '--force']);
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
  return [...lines(containers), ...lines(volumes), ...remainingProcesses()];
}

function lines(text: string): string[] {
  return text.split('\n').filter(line => line !== '');
}

function remainingPids(): string[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter(pid => (isMarked(read(`/proc/${pid}/environ`)) && !isPause(pid)) || isConmonOfTests(pid));
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
