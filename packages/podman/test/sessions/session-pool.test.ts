import { setImmediate } from 'node:timers/promises';
import { until } from '@podman-api/testing';
import pLimit from 'p-limit';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ExecCommand } from '../../src/exec/exec-command.ts';
import { Session } from '../../src/sessions/session.ts';
import { SessionPool } from '../../src/sessions/session-pool.ts';
import type { Shell, ShellEnd } from '../../src/sessions/shell.ts';

const command: ExecCommand = { container: 'box', argv: ['true'], environment: {} };
const firstOpenCooldownMs = 5000;
const longestCooldownMs = 60_000;

/** Containers that take the name `box` one after the other. */
interface Box {
  /** Id of the container that has the name now. */
  id: string | undefined;
  /** Ids of containers in which a shell can be opened. */
  readonly idsWithShell: Set<string>;
  /** Ids of containers whose commands leave a background process. */
  readonly dirty: Set<string>;
  /** Id that each opening was for. */
  readonly opened: (string | undefined)[];
  /** Called while a session is opened. */
  onOpen: () => void;
}

/** A container `first`, which will be followed by `second`. @param shellContainerId id of a further one that can have sessions */
function createBox(shellContainerId?: string): Box {
  const ids = ['second', ...(shellContainerId === undefined ? [] : [shellContainerId])];
  return { id: 'first', idsWithShell: new Set(ids), dirty: new Set(), opened: [], onOpen: () => undefined };
}

/** A shell that answers as shell.sh does to commands that exit with 0. */
function createShell(isDirty: boolean): Shell {
  const ended = Promise.withResolvers<ShellEnd>();
  const shell: Shell = {
    marker: 'PODMAN_API_SESSION=x',
    ended: ended.promise,
    listener: () => undefined,
    write(text) {
      const nonce = /pa_nonce='([^']+)'/.exec(text)?.[1];
      const write = (stream: 'stdout' | 'stderr', line: string) => void shell.listener(stream, Buffer.from(`${line}\n`));
      if (nonce === undefined) {
        for (const stream of ['stdout', 'stderr'] as const) write(stream, 'ready 1');
        return;
      }
      write('stdout', `${nonce} started`);
      write('stdout', `${nonce} 0`);
      write('stderr', `${nonce} end`);
      if (!isDirty) for (const stream of ['stdout', 'stderr'] as const) write(stream, `${nonce} closed`);
    },
    close: async () => ended.resolve({ exitCode: 0 }),
    kill() {
      ended.resolve({ exitCode: undefined });
      return true;
    },
  };
  return shell;
}

function createPool(box: Box): SessionPool {
  const pool = new SessionPool({
    maxSessions: 4,
    idleTimeoutMs: 600_000,
    async open() {
      const { id } = box;
      box.opened.push(id);
      await setImmediate();
      box.onOpen();
      if (id === undefined || !box.idsWithShell.has(id)) return undefined;
      const shell = createShell(box.dirty.has(id));
      const isSameContainer = async () => box.id === id;
      return new Session({
        shell,
        containerId: id,
        workDir: '/',
        killShell: async () => undefined,
        isSameContainer,
        hasContainerStopped: async () => !(await isSameContainer()),
      });
    },
    resolveId: async () => box.id,
    processLimit: pLimit(8),
    onCommand: undefined,
  });
  onTestFinished(() => pool.close());
  return pool;
}

/** Runs commands as `Podman.exec` does. */
async function exec(pool: SessionPool, times = 1): Promise<void> {
  for (let run = 0; run < times; run += 1) {
    await pool.runOrElse(command, { onOutput: () => undefined }, async () => ({ exitCode: 0 }));
    // Gives the pool time for its background work.
    await setImmediate();
  }
}

/** Runs commands until a condition holds. */
async function execUntil(pool: SessionPool, isReached: () => boolean): Promise<void> {
  await until(async () => {
    await exec(pool);
    return isReached();
  });
}

/** Expects that no session is opened, however often the container is used. */
async function expectCooldown(pool: SessionPool, { opened }: Box): Promise<void> {
  const before = opened.length;
  await exec(pool, 10);
  expect(opened.length).toBe(before);
}

// Only `vi.advanceTimersByTime` advances the time, so no cooldown ends by itself.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
});

/** Runs a command. @returns whether it ran in a session */
async function ranInSession(pool: SessionPool): Promise<boolean> {
  let isInSession = true;
  await pool.runOrElse(command, { onOutput: () => undefined }, async () => {
    isInSession = false;
    return { exitCode: 0 };
  });
  return isInSession;
}

describe('SessionPool', () => {
  it('runs a first command in the session that is being opened already', async () => {
    const box = createBox('first');
    const pool = createPool(box);
    pool.openEarly('box');
    expect([await ranInSession(pool), box.opened]).toEqual([true, ['first']]);
  });

  it('runs a first command without a session if the early opening has failed', async () => {
    const pool = createPool(createBox());
    pool.openEarly('box');
    expect(await ranInSession(pool)).toBe(false);
  });

  it('opens a session early once containers of the image are usually used soon after their create', async () => {
    const box = createBox('first');
    const pool = createPool(box);
    const openings: number[] = [];
    for (let index = 0; index < 4; index += 1) {
      const container = `box-${index}`;
      pool.openIfExpected(container, 'image');
      openings.push(pool.count);
      vi.advanceTimersByTime(300);
      await pool.runOrElse({ ...command, container }, { onOutput: () => undefined }, async () => ({ exitCode: 0 }));
    }
    expect(openings).toEqual([0, 0, 0, 1]);
  });

  it('opens no session for a while after an opening that failed', async () => {
    const box = createBox();
    const pool = createPool(box);
    await execUntil(pool, () => box.opened.length === 1 && pool.count === 0);
    await expectCooldown(pool, box);
    vi.advanceTimersByTime(firstOpenCooldownMs - 1);
    await expectCooldown(pool, box);
    vi.advanceTimersByTime(1);
    await execUntil(pool, () => box.opened.length === 2 && pool.count === 0);
    // Twice as long after the second failure in a row.
    vi.advanceTimersByTime(firstOpenCooldownMs);
    await expectCooldown(pool, box);
  });

  it('opens a session at once for another container that takes the name during a cooldown', async () => {
    const box = createBox();
    const pool = createPool(box);
    await execUntil(pool, () => box.opened.length === 1 && pool.count === 0);
    await expectCooldown(pool, box);
    box.id = 'second';
    await execUntil(pool, () => pool.completedCommands > 0);
    expect(box.opened).toEqual(['first', 'second']);
  });

  it.each([
    ['vanishes', undefined],
    ['is replaced', 'second'],
  ])('opens a session at once for the next container if one %s while its session is opened', async (_, id) => {
    const box = createBox();
    const pool = createPool(box);
    box.onOpen = () => {
      box.id = id;
    };
    await execUntil(pool, () => box.opened.length === 1 && pool.count === 0);
    box.onOpen = () => undefined;
    box.id = 'second';
    await execUntil(pool, () => pool.completedCommands > 0);
    expect(box.opened).toEqual(['first', 'second']);
  });

  it('ends the cooldown after background processes only for another container', async () => {
    const box = createBox('first');
    const pool = createPool(box);
    box.dirty.add('first');
    await execUntil(pool, () => pool.completedCommands >= 3 && pool.count === 0);
    await expectCooldown(pool, box);
    vi.advanceTimersByTime(longestCooldownMs - 1);
    await expectCooldown(pool, box);
    box.id = 'second';
    const before = pool.completedCommands;
    await execUntil(pool, () => pool.completedCommands > before);
    expect(box.opened.at(-1)).toBe('second');
  });
});
