import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { standaloneVariables, startChild, type TestChild, until } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const rounds = Number(process.env['ENDS_ROUNDS'] ?? 20);
/** Pause between two signals that count as one request, such as those of a terminal and of npm. */
const sameRequestMs = 3;

/** A way to end `npm start`. */
interface Ending {
  readonly title: string;
  /** Whether the service is ready when it is ended; otherwise it is still starting. */
  readonly isReady: boolean;
  end(npm: TestChild, service: () => number): Promise<void> | void;
  /** Program and arguments that run `npm start`; default: npm itself. */
  readonly start?: readonly [string, ...string[]];
}

const npmStart = ['npm', 'start', '--', '--no-install'] as const;
const pidOf = ({ process: { pid = 0 } }: TestChild) => pid;

const endings: readonly Ending[] = [
  { title: 'Ctrl-C', isReady: true, end: npm => signal(-pidOf(npm), 'SIGINT') },
  {
    title: 'SIGTERM twice within 3 ms',
    isReady: true,
    async end(_npm, service) {
      const pid = service();
      signal(pid, 'SIGTERM');
      await delay(sameRequestMs);
      signal(pid, 'SIGTERM');
    },
  },
  { title: 'SIGHUP', isReady: true, end: npm => signal(-pidOf(npm), 'SIGHUP') },
  {
    title: 'a closed terminal',
    isReady: true,
    // script(1) holds the terminal, which closes when it dies.
    start: ['script', '--quiet', '--flush', '--command', npmStart.join(' '), '/dev/null'],
    end: terminal => signal(pidOf(terminal), 'SIGKILL'),
  },
  { title: 'SIGKILL of the service', isReady: true, end: (_npm, service) => signal(service(), 'SIGKILL') },
  { title: 'SIGKILL of npm', isReady: true, end: npm => signal(pidOf(npm), 'SIGKILL') },
  ...[100, 300, 500].map(ms => ({
    title: `SIGTERM ${ms} ms after the start`,
    isReady: false,
    async end(npm: TestChild) {
      await delay(ms);
      signal(pidOf(npm), 'SIGTERM');
    },
  })),
];

describe.each(endings)('npm start that is ended by $title', ({ isReady, end, start = npmStart }) => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'podman-api-ends-'));
  });
  afterAll(async () => {
    for (const pid of processesOf(folder)) signal(pid, 'SIGKILL');
    await until(() => processesOf(folder).length === 0);
    rmSync(folder, { recursive: true, force: true });
  });

  const run = ([program, ...args]: readonly [string, ...string[]]) => startChild(program, args, { ...standaloneVariables(folder) });

  it(`leaves no process, and the next start works: ${rounds} times`, async () => {
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const child = run(start);
      if (isReady) await child.waitForOutput('Stop it with Ctrl-C');
      await end(child, () => serviceIn(folder));
      const endedAt = performance.now();
      await until(() => processesOf(folder).length === 0);
      times.push(performance.now() - endedAt);
    }
    const last = run(npmStart);
    await last.waitForOutput('Stop it with Ctrl-C');
    signal(-pidOf(last), 'SIGINT');
    await until(() => processesOf(folder).length === 0);
    expect(times).toHaveLength(rounds);
    process.stdout.write(`the last process was gone after ${Math.round(Math.max(...times))} ms at most\n`);
  });
});

/** Returns the id of the standalone process of a folder. */
function serviceIn(folder: string): number {
  return Number(readFileSync(join(folder, 'standalone.pid'), 'utf8'));
}

/** Returns the ids of the processes of a folder: the service's by their environment, podman's by their working directory. */
function processesOf(folder: string): readonly number[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .map(Number)
    .filter(
      pid => readOr('', () => readFileSync(`/proc/${pid}/environ`, 'latin1')).includes(`STATE_DIR=${folder}\0`) || isBelow(pid, folder),
    );
}

function isBelow(pid: number, folder: string): boolean {
  return readOr('', () => readlinkSync(`/proc/${pid}/cwd`)).startsWith(`${folder}/`);
}

/** Returns a fallback if a process exits while its files are read. */
function readOr<Value>(fallback: Value, read: () => Value): Value {
  try {
    return read();
  } catch {
    return fallback;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // The process has exited.
  }
}
