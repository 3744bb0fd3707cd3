import { images, testPodman, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';

const podman = testPodman();
const maxBytes = 16 * 1024 ** 2;

/** Runs a script as a container's main process, and waits until the log ends with the last output of the script. */
async function startLogging(script: string, end: string): Promise<string> {
  const name = await startContainer(images.busybox, 'sh', '-c', `${script}; sleep 600`);
  await until(async () => (await readLog(name, 'all')).endsWith(end));
  return name;
}

/**
 * Runs scripts one after the other as a container's main process, each as soon as the log ends with the text of the one
 * before: podman reads the two streams in any order if both hold something.
 */
async function startLoggingInSteps(steps: readonly { readonly script: string; readonly end: string }[]): Promise<string> {
  const scripts = steps.map(({ script }, index) => `${script}; until [ -e /go${index} ]; do usleep 10000; done`);
  const name = await startContainer(images.busybox, 'sh', '-c', `${scripts.join('; ')}; sleep 600`);
  for (const [index, { end }] of steps.entries()) {
    await until(async () => (await readLog(name, 'all')).endsWith(end));
    await podman.run(['exec', '--', name, 'touch', `/go${index}`]);
  }
  return name;
}

async function readLog(name: string, tail: number | 'all'): Promise<string> {
  return (await podman.logs(name, { tail, timestamps: false }, maxBytes)).bytes.toString();
}

describe('Podman.logs', () => {
  it('keeps an unfinished last line apart from the line before it', async () => {
    const name = await startLogging("printf 'one\\ntwo\\n'; printf 'no newline'", 'no newline');
    expect(await readLog(name, 100)).toBe('one\ntwo\nno newline');
    expect(await readLog(name, 1)).toBe('no newline');
    expect(await readLog(name, 2)).toBe('two\nno newline');
    expect(await readLog(name, 0)).toBe('');
  });

  it('joins the parts of a line in their order', async () => {
    const name = await startLogging('echo before; printf P1; usleep 300000; printf P2; usleep 300000; echo P3; echo after', 'after\n');
    expect(await readLog(name, 2)).toBe('P1P2P3\nafter\n');
  });

  it.each([20_000, 300_000])('returns a line of %d bytes whole', async size => {
    const name = await startLogging(`echo before; head -c ${size} /dev/zero | tr '\\0' x; echo; echo after`, 'after\n');
    expect(await readLog(name, 3)).toBe(`before\n${'x'.repeat(size)}\nafter\n`);
  });

  it('returns a line of 300 kB that is not finished', async () => {
    const name = await startLogging("head -c 300000 /dev/zero | tr '\\0' x; printf end", 'end');
    expect(await readLog(name, 1)).toBe(`${'x'.repeat(300_000)}end`);
  });

  it('keeps stdout and stderr in the order of writing', async () => {
    const name = await startLoggingInSteps([
      { script: 'echo out1', end: 'out1\n' },
      { script: 'echo err1 >&2', end: 'err1\n' },
      { script: 'echo out2', end: 'out2\n' },
      { script: 'echo err2 >&2', end: 'err2\n' },
    ]);
    expect(await readLog(name, 'all')).toBe('out1\nerr1\nout2\nerr2\n');
  });

  it('reads the log of a container that was created and never started as empty', async () => {
    const name = await startContainer(images.busybox);
    await podman.run(['create', `--name=${name}-created`, '--', images.busybox, 'true']);
    expect(await readLog(`${name}-created`, 100)).toBe('');
    await podman.run(['rm', '--', `${name}-created`]);
  });

  it('fails with 404 for a container that does not exist', async () => {
    await expect(podman.logs('not-there', { tail: 1, timestamps: false }, maxBytes)).rejects.toMatchObject({ type: 'NotFoundError' });
  });

  it('reads what podman logs prints if the log file cannot be read', async () => {
    const name = await startLoggingInSteps([
      { script: 'echo one', end: 'one\n' },
      { script: 'echo err >&2', end: 'err\n' },
      { script: "printf 'two\\nno newline'", end: 'no newline' },
    ]);
    process.env['CONTAINER_HOST'] = '';
    try {
      expect(await readLog(name, 2)).toBe('two\nno newline');
      expect(await readLog(name, 'all')).toBe('one\nerr\ntwo\nno newline');
    } finally {
      delete process.env['CONTAINER_HOST'];
    }
  });
});
