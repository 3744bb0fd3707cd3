import { images, testPodman, testRemotePodman, until } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';

const podman = testPodman();
const maxBytes = 8 * 1024 ** 2;

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

async function readLog(name: string, tail: number | 'all', driver = podman): Promise<string> {
  return (await driver.logs(name, { tail, timestamps: false }, maxBytes)).bytes.toString();
}

describe('Podman.logs', () => {
  it('returns the last lines, whole if they are long or were written in parts, and keeps an unfinished last line apart', async () => {
    const [short, long] = ['x'.repeat(20_000), 'y'.repeat(300_000)];
    const write = (text: string) => `head -c ${text.length} /dev/zero | tr '\\0' ${text[0]}; echo`;
    const script = `echo before; printf P1; usleep 300000; printf P2; usleep 300000; echo P3; ${write(short)}; ${write(long)}`;
    const name = await startLogging(`${script}; printf 'one\\ntwo\\nno newline'`, 'no newline');
    const lines = ['before', 'P1P2P3', short, long, 'one', 'two', 'no newline'];
    expect(await readLog(name, 0)).toBe('');
    for (let tail = 1; tail <= lines.length; tail += 1) expect(await readLog(name, tail)).toBe(lines.slice(-tail).join('\n'));
    expect(await readLog(name, 100)).toBe(lines.join('\n'));
  });

  it('returns a line of 300 kB that is not finished', async () => {
    const name = await startLogging("head -c 300000 /dev/zero | tr '\\0' x; printf end", 'end');
    expect(await readLog(name, 1)).toBe(`${'x'.repeat(300_000)}end`);
  });

  it('keeps stdout and stderr in the order of writing, also if the log file cannot be read', async () => {
    const name = await startLoggingInSteps([
      { script: 'echo out1', end: 'out1\n' },
      { script: 'echo err1 >&2', end: 'err1\n' },
      { script: 'echo out2', end: 'out2\n' },
      { script: "printf 'err2\\nno newline' >&2", end: 'no newline' },
    ]);
    expect(await readLog(name, 'all')).toBe('out1\nerr1\nout2\nerr2\nno newline');
    const remote = testRemotePodman();
    expect(await readLog(name, 2, remote)).toBe('err2\nno newline');
    expect(await readLog(name, 'all', remote)).toBe('out1\nerr1\nout2\nerr2\nno newline');
  });

  it('reads the log of a container that was created and never started as empty', async () => {
    const name = uniqueContainerName();
    await podman.run(['create', `--name=${name}`, '--network=none', '--', images.busybox, 'true']);
    expect(await readLog(name, 100)).toBe('');
  });

  it('fails with 404 for a container that does not exist', async () => {
    await expect(podman.logs('not-there', { tail: 1, timestamps: false }, maxBytes)).rejects.toMatchObject({ type: 'NotFoundError' });
  });
});
