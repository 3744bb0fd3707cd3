import { images, testPodman } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { OutputBuffer } from '../../src/capture/output-buffer.ts';

const podman = testPodman();

/** Sets up a container that runs a script. */
async function setUp(script: string, flags: readonly string[] = []): Promise<{ container: string; pid: number }> {
  const args = ['create', `--name=${uniqueContainerName()}`, '--network=none', '--log-driver=none', '--pull=never', ...flags];
  const container = (await podman.run([...args, '--', images.busybox, 'sh', '-c', script])).trim();
  await podman.run(['init', '--', container]);
  const pid = Number(await podman.run(['container', 'inspect', '--format={{.State.Pid}}', '--', container]));
  return { container, pid };
}

describe('Podman.startAttached', () => {
  it('passes on the whole output of a command that reads nothing of its stdin, and its exit code', async () => {
    const output = new OutputBuffer(1024 ** 2);
    const target = await setUp('seq 1 5000; echo "Error: mine" >&2; exit 125', ['--interactive']);
    const { exitCode } = await podman.startAttached({ ...target, stdin: Buffer.alloc(3_000_000) }, { onOutput: output.write });
    const lines = Array.from({ length: 5000 }, (_, index) => `${index + 1}\n`);
    expect([exitCode, output.text('stdout'), output.text('stderr')]).toEqual([125, lines.join(''), 'Error: mine\n']);
  });

  it('returns stderr that reads like an error of podman, which only the state of the container can tell from one', async () => {
    const output = new OutputBuffer(1024);
    const target = await setUp('echo "Error: no container with name or ID "x" found: no such container" >&2; exit 125');
    const { fault, faultText } = await podman.startAttached(target, { onOutput: output.write });
    expect([
      fault?.reason,
      Buffer.from(faultText ?? [])
        .toString()
        .slice(0, 7),
      output.written,
    ]).toEqual(['no-container', 'Error: ', { stdout: 0, stderr: 0 }]);
  });

  it('returns the CPU time and the largest memory of all processes', async () => {
    const output = new OutputBuffer(1024);
    // A child that uses both and has ended long before the container does.
    const hungry = "x=$(head -c 30000000 /dev/zero | tr '\\0' y); i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
    const target = await setUp(`(${hungry}); sleep 0.3; times`, ['--memory=268435456']);
    const { usage } = await podman.startAttached(target, { onOutput: output.write });
    // `times` prints user and system time, of the shell and of its children, as 0m0.123456s.
    const times = [...output.text('stdout').matchAll(/(\d+)m([\d.]+)s/g)];
    const milliseconds = times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000, 0);
    expect(times).toHaveLength(4);
    expect(usage.cpuMs).toBeGreaterThan(0.8 * milliseconds);
    expect(usage.cpuMs).toBeLessThan(milliseconds + 1000);
    expect(usage.maxMemoryBytes).toBeGreaterThan(30_000_000);
    expect(usage.maxMemoryBytes).toBeLessThanOrEqual(268_435_456);
    expect(usage.oomKills).toBe(0);
  });

  it('counts a process that the kernel kills for memory, although the container continues', async () => {
    const output = new OutputBuffer(1024);
    const hungry = "x=$(head -c 200000000 /dev/zero | tr '\\0' y)";
    const target = await setUp(`sh -c "${hungry.replace('$', '\\$')}"; echo "survived $?"`, ['--memory=33554432']);
    const { usage, exitCode } = await podman.startAttached(target, { onOutput: output.write });
    expect([exitCode, output.text('stdout')]).toEqual([0, 'survived 137\n']);
    expect(usage.oomKills).toBeGreaterThan(0);
  });

  it('starts nothing if the set-up has been undone', async () => {
    const output = new OutputBuffer(1024);
    const target = await setUp('echo ran');
    await podman.run(['stop', '--time=0', '--', target.container]);
    await podman.startAttached(target, { onOutput: output.write });
    expect(output.text('stdout')).toBe('');
  });
});
