import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ExecOptions } from '@podman-api/podman';
import { images, testFolder, testPodman, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createGraphRootReader } from '../src/state/graph-root.ts';

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

/** Runs a command and returns its output, with its stream. */
async function execAll(argv: readonly string[], options: Partial<ExecOptions> = {}) {
  const pieces: [string, string][] = [];
  const result = await podman.exec(
    { container: name, argv, environment: {} },
    {
      onOutput: (stream, bytes) => {
        pieces.push([stream, text(bytes)]);
        return undefined;
      },
      ...options,
    },
  );
  return { ...result, pieces };
}

describe('Podman.exec', () => {
  it('passes on output as it is written, with its stream, and returns the exit code', async () => {
    const gate = createGate();
    const first = Promise.withResolvers<void>();
    const pieces: [string, string][] = [];
    const ended = execAll(['sh', '-c', `echo a; ${gate.wait}; echo b >&2; exit 9`], {
      onOutput: (stream, bytes) => {
        pieces.push([stream, text(bytes)]);
        first.resolve();
        return undefined;
      },
    });
    await first.promise;
    await gate.release();
    expect((await ended).exitCode).toBe(9);
    expect(pieces).toEqual([
      ['stdout', 'a\n'],
      ['stderr', 'b\n'],
    ]);
  });

  it("passes on a command's stderr that looks like an error of podman", async () => {
    const { pieces, fault } = await execAll(['sh', '-c', 'echo "Error: mine" >&2; echo more; exit 3']);
    expect(pieces).toHaveLength(2);
    expect(pieces).toContainEqual(['stderr', 'Error: mine\n']);
    expect(pieces).toContainEqual(['stdout', 'more\n']);
    expect(fault).toBeUndefined();
  });

  it("returns podman's own error instead of passing it on", async () => {
    const { fault, faultText, pieces } = await execAll(['/none']);
    expect(fault?.reason).toBe('command-not-found');
    expect(text(faultText ?? Buffer.alloc(0))).toMatch(/^Error: /);
    expect(pieces).toEqual([]);
  });

  it("passes on a shell's error about a missing command", async () => {
    const { pieces, fault } = await execAll(['sh', '-c', 'exec /none']);
    expect(fault).toBeUndefined();
    expect(pieces.every(([stream]) => stream === 'stderr')).toBe(true);
    expect(pieces.map(([, piece]) => piece).join('')).toMatch(/\/none: .*not found\n$/);
  });

  it('reads no more output until the last piece has been taken', async () => {
    let waiting = 0;
    const slow = Promise.withResolvers<void>();
    const ended = execAll(['sh', '-c', 'yes | head -c 8000000; touch /read'], {
      onOutput: () => {
        waiting += 1;
        return slow.promise;
      },
    });
    await until(() => waiting === 1);
    await expect(podman.run(['exec', '--', name, 'ls', '/read'])).rejects.toThrow();
    expect(waiting).toBe(1);
    slow.resolve();
    expect((await ended).exitCode).toBe(0);
    await podman.run(['exec', '--', name, 'ls', '/read']);
  });
});

describe('Podman.script', () => {
  it('returns the line before podman has exited', async () => {
    const gate = createGate();
    const { line } = await podman.script({ container: name, argv: ['sh', '-c', `echo reported; ${gate.wait}`], environment: {} });
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

describe('createGraphRootReader', () => {
  it('finds the root directory of the storage without podman info', async () => {
    const verbs: (string | undefined)[] = [];
    const readGraphRoot = createGraphRootReader((args, options) => {
      verbs.push(args[0]);
      return podman.run(args, options);
    });
    expect(await readGraphRoot()).toBe(join(testFolder, 'graph'));
    expect(verbs).toEqual(['secret']);
  });
});

describe('abort of Podman.exec', () => {
  it.each([
    'sleep 5432',
    'trap "" TERM; while :; do sleep 5432; done',
    'setsid sleep 5432 & setsid sh -c "sleep 5432 & sleep 5432" & sleep 5432',
  ])('ends all that %j has started in the container', async command => {
    const MARK = String(Math.random());
    const controller = new AbortController();
    const stop = () => podman.kill(podman.identify(name), `MARK=${MARK}`);
    const ended = podman.exec(
      { container: name, argv: ['sh', '-c', `echo started; ${command}`], environment: { MARK } },
      { signal: controller.signal, stop, onOutput: () => undefined },
    );
    const running = () => podman.run(['exec', '--', name, 'ps']);
    await until(async () => (await running()).includes('sleep 5432'));
    controller.abort();
    expect(await ended).toMatchObject({ exitCode: null });
    expect(await running()).not.toContain('sleep 5432');
  });
});
