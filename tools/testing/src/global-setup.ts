import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { testMarkText } from './mark.ts';
import { testPodman } from './podman.ts';
import { testFolder } from './storage.ts';

/** One file per test run of this checkout, named after the process id of its Vitest. */
const runsFolder = join(testFolder, 'runs');
/** Time for processes that are ending, and for what another project's set-up still removes. */
const settleTimeoutMs = 60_000;

/**
 * Vitest's global set-up of the projects that start processes. It removes what a run has left behind that was interrupted.
 * @returns the check that runs after all tests: it throws if a container, a volume or a process of theirs remains. With
 * several runs in one checkout, the last one to end checks for all.
 */
export async function setup(): Promise<() => Promise<void>> {
  const mine = join(runsFolder, String(process.pid));
  mkdirSync(runsFolder, { recursive: true });
  // Each project of a run calls this; only the first one finds that no run is active.
  const isFirst = !isRunActive();
  writeFileSync(mine, '');
  if (isFirst) await removeRemaining();
  return async () => {
    rmSync(mine, { force: true });
    const deadline = performance.now() + settleTimeoutMs;
    while (!isRunActive()) {
      const remaining = await findRemaining();
      if (remaining.length === 0) return;
      if (performance.now() > deadline) throw new Error(`tests left behind:\n${remaining.join('\n')}`);
      await delay(250);
    }
  };
}

/** A run that was killed leaves its file, which counts no longer once its process is gone. */
function isRunActive(): boolean {
  return readdirSync(runsFolder).some(pid => read(`/proc/${pid}/cmdline`).includes('vitest'));
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
    // It has ended meanwhile.
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

/** Workers pass the mark on to no podman process, but the storage of the tests. */
function isMarked(environment: string): boolean {
  return environment.includes(testMarkText) || environment.includes(`CONTAINERS_STORAGE_CONF=${testFolder}/`);
}

/** Holds an ordinary user's namespaces for all of their podmans, whoever began with it, podman-system-migrate(1). */
function isPause(pid: string): boolean {
  return process.getuid?.() !== 0 && read(`/proc/${pid}/cmdline`).startsWith('catatonit\0-P\0');
}

/** Podman gives conmon an environment of its own. */
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
