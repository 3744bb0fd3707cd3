import { images, testPodman, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, test } from 'vitest';

const podman = testPodman();
let name: string;
beforeAll(async () => {
  name = await startContainer(images.busybox);
});
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe('capture', () => {
  test('gives output in pieces with their stream, and the exit code', async () => {
    const { exitCode, chunks, truncated } = await podman.capture(
      ['exec', '--', name, 'sh', '-c', 'echo a; sleep 0.2; echo b >&2; exit 9'],
      1024,
    );
    expect(exitCode).toBe(9);
    expect(chunks.map(({ stream, bytes }) => [stream, text(bytes)])).toEqual([
      ['stdout', 'a\n'],
      ['stderr', 'b\n'],
    ]);
    expect(truncated).toBe(false);
  });

  test('keeps the start of each stream and says that it is not all', async () => {
    const { chunks, truncated } = await podman.capture(['exec', '--', name, 'sh', '-c', 'echo 123456; echo abc >&2'], 4);
    const of = (wanted: string) => chunks.filter(({ stream }) => stream === wanted).map(({ bytes }) => text(bytes));
    expect([of('stdout').join(''), of('stderr').join(''), truncated]).toEqual(['1234', 'abc\n', true]);
  });
});

test('joined keeps the order of stdout and stderr, and ends a log that is too long', async () => {
  const logger = await startContainer(
    images.busybox,
    'sh',
    '-c',
    'for i in $(seq 50); do echo out$i; usleep 5000; echo err$i >&2; usleep 5000; done; sleep 600',
  );
  const expected = Array.from({ length: 50 }, (_, index) => `out${index + 1}\nerr${index + 1}\n`).join('');
  await until(async () => text((await podman.joined(['logs', '--', logger], 1e6)).bytes) === expected);
  const cut = await podman.joined(['logs', '--', logger], 100);
  expect([text(cut.bytes), cut.truncated]).toEqual([expected.slice(0, 100), true]);
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
    const captured = podman.capture(args, 1024, { signal: aborting.signal, stop: () => podman.kill(name, variable) });
    const running = () => podman.run(['exec', '--', name, 'ps']);
    await until(async () => (await running()).includes('sleep 5432'));
    aborting.abort();
    expect(await captured).toMatchObject({ exitCode: null, chunks: [{ stream: 'stdout' }] });
    expect(await running()).not.toContain('sleep 5432');
  });
});

test('shared runs join one that has not started, never one that has', async () => {
  let runs = 0;
  const { Share } = await import('../src/share.ts');
  const share = new Share<number>();
  const gates: (() => void)[] = [];
  const run = () =>
    new Promise<number>(resolve => {
      runs += 1;
      const value = runs;
      gates.push(() => resolve(value));
    });
  const first = share.join(run);
  const second = [share.join(run), share.join(run)];
  expect(runs).toBe(1);
  gates[0]?.();
  expect(await first).toBe(1);
  await until(() => runs === 2);
  const third = share.join(run);
  gates[1]?.();
  expect(await Promise.all(second)).toEqual([2, 2]);
  await until(() => runs === 3);
  gates[2]?.();
  expect(await third).toBe(3);
});
