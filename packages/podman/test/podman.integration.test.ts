import type { CaptureOptions } from '@podman-api/podman';
import { images, testPodman, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, test } from 'vitest';

const podman = testPodman();
let name: string;
beforeAll(async () => {
  name = await startContainer(images.busybox);
});
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

/** Captures a command's output, with its stream. */
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

describe('capture', () => {
  test('hands on output in pieces with their stream, and gives the exit code', async () => {
    const { exitCode, pieces } = await captureAll('echo a; sleep 0.2; echo b >&2; exit 9');
    expect(exitCode).toBe(9);
    expect(pieces).toEqual([
      ['stdout', 'a\n'],
      ['stderr', 'b\n'],
    ]);
  });

  test("stderr that reads like podman's words is handed on all the same, in its order", async () => {
    const { pieces, fault, words } = await captureAll('echo "Error: mine" >&2; sleep 0.1; echo more; exit 3');
    expect([pieces, fault, words.length]).toEqual([
      [
        ['stderr', 'Error: mine\n'],
        ['stdout', 'more\n'],
      ],
      undefined,
      0,
    ]);
  });

  test("podman's own words are no output", async () => {
    const { pieces, fault, words } = await captureAll('exec /none', { doubtful: true });
    expect(fault).toBeUndefined();
    expect(pieces.every(([stream]) => stream === 'stderr')).toBe(true);
    expect(pieces.map(([, piece]) => piece).join('')).toMatch(/\/none: .*not found\n$/);
    expect(words.length).toBe(0);
    const missing = await podman.capture(['exec', '--', name, '/none'], { take: () => expect.unreachable(), doubtful: true });
    expect(missing.fault?.reason).toBe('command-not-found');
    expect(text(missing.words)).toMatch(/^Error: /);
  });

  test('what is not taken is not read', async () => {
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

test('a report is there before podman has ended', async () => {
  const { line } = await podman.report(['exec', '--', name, 'sh', '-c', 'echo told; exec sleep 0.5']);
  expect(line).toBe('told');
  expect(podman.active).toBe(1);
  await until(() => podman.active === 0);
});

test('files and variables reach podman outside its arguments', async () => {
  const args = ['exec', '--env-file', '/proc/self/fd/3', '--env', 'LINES', '--', name, 'sh', '-c', 'echo "$A|$LINES"'];
  expect(await podman.run(args, { file: 'A= b\n', env: { LINES: 'x\ny' } })).toBe(' b|x\ny\n');
});

describe('abort', () => {
  test('before the start runs nothing', async () => {
    const reason = new Error('never mind');
    await expect(podman.run(['exec', '--', name, 'touch', '/never'], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(podman.run(['exec', '--', name, 'ls', '/never'])).rejects.toThrow();
  });

  test.each([
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
