import { randomBytes } from 'node:crypto';
import { images, testPodman, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ExecResult, InteractiveCommand, RunningCommand } from '../../src/index.ts';

const podman = testPodman();
let container: string;
beforeAll(async () => {
  container = await startContainer(images.busybox);
});

interface Begun {
  readonly started: Promise<RunningCommand>;
  readonly result: Promise<ExecResult>;
  /** Variable of its processes. */
  readonly variable: string;
  readonly output: { stdout: string; stderr: string };
}

type Options = Partial<InteractiveCommand> & { readonly signal?: AbortSignal };

function begin(argv: readonly string[], { signal, ...options }: Options = {}): Begun {
  const value = randomBytes(6).toString('hex');
  const variable = `INTERACTIVE_TEST=${value}`;
  const output = { stdout: '', stderr: '' };
  const started = Promise.withResolvers<RunningCommand>();
  const marker = { name: 'INTERACTIVE_TEST', value };
  const result = podman.execInteractive(
    { container, argv, environment: {}, marker, terminal: { cols: 111, rows: 33 }, hasStdin: true, ...options },
    {
      ...(signal && { signal, stop: () => podman.kill(podman.identify(container), variable, 500) }),
      onStarted: started.resolve,
      onOutput(stream, bytes) {
        output[stream] += Buffer.from(bytes).toString();
        return undefined;
      },
    },
  );
  return { started: started.promise, result, variable, output };
}

/** Starts a command and waits until it runs. @throws Error if it ends before */
async function start(argv: readonly string[], options?: Options): Promise<Begun & { readonly command: RunningCommand }> {
  const begun = begin(argv, options);
  const ended = begun.result.then(({ exitCode }) => Promise.reject(new Error(`The command ended with ${exitCode} before it was started.`)));
  return { ...begun, command: await Promise.race([begun.started, ended]) };
}

const type = (command: RunningCommand, text: string) => command.write(Buffer.from(text));
const pipes = { terminal: undefined };

describe('Podman.execInteractive in a terminal', () => {
  it('has the size that was given, and a new one afterwards', async () => {
    const script = 'stty size; while read line && [ "$line" != end ]; do stty size; done; exit 7';
    const { command, result, output } = await start(['sh', '-c', script]);
    // Conmon reads the sizes from a FIFO of its own, so the command may read the size before the first is set.
    const awaitSize = (size: string) =>
      until(async () => {
        await type(command, '\n');
        return output.stdout.includes(size);
      });
    await awaitSize('33 111');
    await command.resize({ cols: 99, rows: 22 });
    await awaitSize('22 99');
    await type(command, 'end\n');
    expect(await result).toEqual({ exitCode: 7 });
    expect(output.stdout).toContain('22 99');
    expect(output.stderr).toBe('');
  });

  // Conmon applies only the first of the sizes that it reads at once.
  it('has the last of several sizes in the end', async () => {
    const { command, result, output } = await start(['sh', '-c', 'while read line && [ "$line" != end ]; do stty size; done']);
    for (let more = 0; more <= 50; more += 1) await command.resize({ cols: 100 + more, rows: 30 + more });
    await until(async () => {
      await type(command, '\n');
      return output.stdout.includes('80 150');
    });
    await type(command, 'end\n');
    await result;
  });

  it('interrupts the foreground by the key Ctrl-C and by a signal, not the shell', async () => {
    const { command, result, output } = await start(['sh']);
    const shown = () => output.stdout;
    await type(command, 'sleep 4321; echo "first $?"\n');
    await until(async () => (await podman.run(['exec', '--', container, 'ps'])).includes('sleep 4321'));
    await type(command, '\x03');
    // BusyBox drops the rest of the line.
    await type(command, 'echo still-$((40+2)); sleep 4322\n');
    await until(() => shown().includes('still-42'));
    await until(async () => (await podman.run(['exec', '--', container, 'ps'])).includes('sleep 4322'));
    await command.signal('SIGINT');
    await type(command, 'exit 5\n');
    expect(await result).toEqual({ exitCode: 5 });
  });

  it('passes on Ctrl-P, which podman would hold back', async () => {
    const { command, result, output } = await start([
      'sh',
      '-c',
      'stty -icanon -echo; echo ready; dd bs=1 count=1 2>/dev/null | od -An -tx1',
    ]);
    await until(() => output.stdout.includes('ready'));
    await type(command, '\x10');
    expect(await result).toEqual({ exitCode: 0 });
    expect(output.stdout).toContain('10');
  });

  it('distinguishes a missing program from one that writes the same message', async () => {
    expect(await begin(['no-such-program']).result).toMatchObject({ exitCode: 127, fault: { reason: 'command-not-found' } });
    const { result, output } = begin(['sh', '-c', 'echo "Error: runc: executable file not found in $PATH" >&2; exit 127']);
    expect(await result).toEqual({ exitCode: 127 });
    expect(output.stdout).toContain('Error: runc');
  });

  it('ends in the container when it is aborted', async () => {
    const controller = new AbortController();
    const { result, variable } = await start(['sh', '-c', 'trap "" TERM HUP; while :; do sleep 1; done'], { signal: controller.signal });
    controller.abort(new Error('over'));
    expect(await result).toEqual({ exitCode: null });
    expect(
      (await podman.run(['exec', '--', container, 'sh', '-c', 'cat /proc/[0-9]*/environ 2>/dev/null | tr "\\0" "\\n"'])).includes(variable),
    ).toBe(false);
  });
});

describe('Podman.execInteractive with pipes', () => {
  it('keeps stdout and stderr apart, and the end of stdin ends a command that reads it', async () => {
    const { command, result, output } = await start(['sh', '-c', 'echo begun >&2; cat; exit 4'], pipes);
    await type(command, 'one\n');
    await until(() => output.stdout === 'one\n');
    command.endStdin();
    expect(await result).toEqual({ exitCode: 4 });
    expect(output).toEqual({ stdout: 'one\n', stderr: 'begun\n' });
  });

  it('loses no output of a command that leaves most of its stdin', async () => {
    const { command, result, output } = await start(['sh', '-c', 'read line; seq 1 20000; exit 3'], pipes);
    const flood = Buffer.alloc(64 * 1024, 'x\n');
    for (let count = 0; count < 40; count += 1) void command.write(flood);
    expect(await result).toEqual({ exitCode: 3 });
    expect(output.stdout.split('\n')).toHaveLength(20_001);
    expect(output.stderr).toBe('');
  });

  it('signals the command, which can finish its work', async () => {
    const { command, result, output } = await start(
      ['sh', '-c', 'trap "echo saved; exit 6" TERM; echo ready; while :; do sleep .1; done'],
      pipes,
    );
    await until(() => output.stdout.includes('ready'));
    await command.signal('SIGTERM');
    expect(await result).toEqual({ exitCode: 6 });
    expect(output.stdout).toBe('ready\nsaved\n');
  });

  it('runs without stdin', async () => {
    const { result, output } = await start(['sh', '-c', 'cat; sleep .2; echo done'], { ...pipes, hasStdin: false });
    expect(await result).toEqual({ exitCode: 0 });
    expect(output.stdout).toBe('done\n');
  });

  it('runs in an image without a shell', async () => {
    const bare = await startContainer(images.bare);
    expect(await begin(['/bin/sleep', '0.1'], { ...pipes, container: bare }).result).toEqual({ exitCode: 0 });
    expect(await begin(['/bin/sleep', '0.1'], { container: bare }).result).toEqual({ exitCode: 0 });
  });

  it('returns 404 for a container that does not exist', async () => {
    const { result } = begin(['sh'], { container: 'no-such-container' });
    await expect(result).rejects.toMatchObject({ status: 404 });
  });
});
