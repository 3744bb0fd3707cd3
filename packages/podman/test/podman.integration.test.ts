import { randomUUID } from 'node:crypto';
import type { CaptureOptions } from '@podman-api/podman';
import { images, testPodman, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it } from 'vitest';

const podman = testPodman();
let name: string;
beforeAll(async () => {
  name = await startContainer(images.busybox);
});
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

/** Shell command that waits until `release` is called. */
function createGate() {
  const path = `/tmp/${randomUUID()}`;
  return {
    wait: `while ! [ -e ${path} ]; do usleep 10000; done`,
    release: () => podman.run(['exec', '--', name, 'touch', path]),
  };
}

/** Captures a shell command's output, with its stream. */
async function captureAll(command: string, options: Partial<CaptureOptions> = {}) {
  const pieces: [string, string][] = [];
  const captured = await podman.capture(['exec', '--', name, 'sh', '-c', command], {
    take: (stream, bytes) => {
      pieces.push([stream, text(bytes)]);
      return undefined;
    },
    ...options,
  });
  return { ...captured, pieces };
}

describe('Podman.capture', () => {
  it('hands on output as it is written, with its stream, and returns the exit code', async () => {
    const gate = createGate();
    const first = Promise.withResolvers<void>();
    const pieces: [string, string][] = [];
    const captured = captureAll(`echo a; ${gate.wait}; echo b >&2; exit 9`, {
      take: (stream, bytes) => {
        pieces.push([stream, text(bytes)]);
        first.resolve();
        return undefined;
      },
    });
    await first.promise;
    await gate.release();
    expect((await captured).exitCode).toBe(9);
    expect(pieces).toEqual([
      ['stdout', 'a\n'],
      ['stderr', 'b\n'],
    ]);
  });

  it("hands on a command's stderr that reads like an error of podman's", async () => {
    const { pieces, fault, words } = await captureAll('echo "Error: mine" >&2; echo more; exit 3');
    expect(pieces).toHaveLength(2);
    expect(pieces).toContainEqual(['stderr', 'Error: mine\n']);
    expect(pieces).toContainEqual(['stdout', 'more\n']);
    expect([fault, words.length]).toEqual([undefined, 0]);
  });

  it("returns podman's own error instead of handing it on", async () => {
    const options = { take: () => expect.unreachable(), doubtful: true };
    const { fault, words } = await podman.capture(['exec', '--', name, '/none'], options);
    expect(fault?.reason).toBe('command-not-found');
    expect(text(words)).toMatch(/^Error: /);
  });

  it("hands on a shell's error about a missing command", async () => {
    const { pieces, fault, words } = await captureAll('exec /none', { doubtful: true });
    expect(fault).toBeUndefined();
    expect(pieces.every(([stream]) => stream === 'stderr')).toBe(true);
    expect(pieces.map(([, piece]) => piece).join('')).toMatch(/\/none: .*not found\n$/);
    expect(words.length).toBe(0);
  });

  it('reads no more output until the last piece has been taken', async () => {
    let waiting = 0;
    const slow = Promise.withResolvers<void>();
    const captured = podman.capture(['exec', '--', name, 'sh', '-c', 'yes | head -c 8000000; touch /read'], {
      take: () => {
        waiting += 1;
        return slow.promise;
      },
    });
    await until(() => waiting === 1);
    await expect(podman.run(['exec', '--', name, 'ls', '/read'])).rejects.toThrow();
    expect(waiting).toBe(1);
    slow.resolve();
    expect((await captured).exitCode).toBe(0);
    await podman.run(['exec', '--', name, 'ls', '/read']);
  });
});

describe('Podman.report', () => {
  it('returns the line before podman has exited', async () => {
    const gate = createGate();
    const { line } = await podman.report(['exec', '--', name, 'sh', '-c', `echo reported; ${gate.wait}`]);
    expect(line).toBe('reported');
    expect(podman.active).toBe(1);
    await gate.release();
    await until(() => podman.active === 0);
  });
});

describe('Podman.run', () => {
  it('passes files and variables to podman outside its arguments', async () => {
    const args = ['exec', '--env-file', '/proc/self/fd/3', '--env', 'LINES', '--', name, 'sh', '-c', 'echo "$A|$LINES"'];
    expect(await podman.run(args, { file: 'A= b\n', env: { LINES: 'x\ny' } })).toBe(' b|x\ny\n');
  });

  it('runs nothing if its signal is aborted before', async () => {
    const reason = new Error('never mind');
    await expect(podman.run(['exec', '--', name, 'touch', '/never'], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(podman.run(['exec', '--', name, 'ls', '/never'])).rejects.toThrow();
  });
});

describe('abort of Podman.capture', () => {
  it.each([
    'sleep 5432',
    'trap "" TERM; while :; do sleep 5432; done',
    'setsid sleep 5432 & setsid sh -c "sleep 5432 & sleep 5432" & sleep 5432',
  ])('ends all that %j has started in the container', async command => {
    const variable = `MARK=${Math.random()}`;
    const aborting = new AbortController();
    const args = ['exec', '--env', variable, '--', name, 'sh', '-c', `echo begun; ${command}`];
    const stop = () => podman.kill(name, variable);
    const captured = podman.capture(args, { signal: aborting.signal, stop, take: () => undefined });
    const running = () => podman.run(['exec', '--', name, 'ps']);
    await until(async () => (await running()).includes('sleep 5432'));
    aborting.abort();
    expect(await captured).toMatchObject({ exitCode: null });
    expect(await running()).not.toContain('sleep 5432');
  });
});
