import type { StreamName } from '@podman-api/runtime';
import { describe, expect, it } from 'vitest';
import { PodmanFault } from '../../src/error-patterns/podman-fault.ts';
import { ExecRunner } from '../../src/exec/exec-runner.ts';
import type { InspectContainer } from '../../src/exec/explain-error.ts';
import type { ExecCommand } from '../../src/index.ts';
import type { RunPodman } from '../../src/process/run-process.ts';

const id = 'ab'.repeat(32);
const removed = `Error: container ${id} does not exist in database: no such container\n`;
const noEvent = `Error: retrieving exec session ${id} exit code: exec died event for session ${id} (container ${id}) not found: unable to find event\n`;
const noExitFile = `Error: timed out waiting for file /graph/userdata/${id}/exit/${id}: internal libpod error\n`;

/** Inspection of the container after the command. */
const containers = {
  running: async () => ({ Id: id, State: { Running: true, Paused: false, StartedAt: '2026-01-01T00:00:00Z' } }),
  paused: async () => ({ Id: id, State: { Running: false, Paused: true, StartedAt: '2026-01-01T00:00:00Z' } }),
  stopped: async () => ({ Id: id, State: { Running: false, Paused: false, StartedAt: '2026-01-01T00:00:00Z' } }),
  startedAgain: async () => ({ Id: id, State: { Running: true, Paused: false, StartedAt: '2999-01-01T00:00:00Z' } }),
  async removed() {
    throw new PodmanFault('no-container', 'NotFoundError', 'There is no container web.', '');
  },
} satisfies Readonly<Record<string, InspectContainer>>;

/** Output of podman; `$start` is replaced by the start line. */
type Line = readonly [StreamName, string];
const start: Line = ['stderr', '$start'];
const output: Line = ['stdout', 'out\n'];

const commands = {
  shell: { argv: ['sh', '-c', 'true'] },
  program: { argv: ['true'] },
  terminal: { argv: ['true'], interactive: 'terminal' },
} as const satisfies Readonly<Record<string, Pick<ExecCommand, 'argv' | 'interactive'>>>;

interface Exec {
  readonly command?: keyof typeof commands;
  readonly lines: readonly Line[];
  readonly container: keyof typeof containers;
  /** Whether the command's process was seen on the host. */
  readonly wasSeen?: boolean;
  readonly exitCode?: number;
}

/** Runs a command with a fake podman that writes some lines and exits, by default with 255. */
async function exec({ command = 'shell', lines, container, wasSeen = false, exitCode = 255 }: Exec) {
  let calls = 0;
  const run: RunPodman = async (args, _options, sink) => {
    calls += 1;
    const nonce = args.find(arg => arg.startsWith('--env=PODMAN_API_START='))?.split('=')[2];
    for (const [stream, text] of lines) {
      if (typeof sink === 'function') await sink(stream, Buffer.from(text.replace('$start', `${nonce} started\n`)));
    }
    return exitCode;
  };
  const written = { stdout: '', stderr: '' };
  const options = {
    onOutput(stream: StreamName, bytes: Uint8Array) {
      written[stream] += Buffer.from(bytes).toString();
      return undefined;
    },
  };
  const runner = new ExecRunner(run, containers[container]);
  const whole = { container: 'web', environment: {}, ...commands[command] };
  const sinceMs = wasSeen ? Date.now() : undefined;
  const running = command === 'terminal' ? runner.interactive(whole, options, () => sinceMs) : runner.exec(whole, options);
  const result = await running.catch((error: { outcome?: string }) => error.outcome);
  return { result, ...written, calls };
}

const killed = { result: { exitCode: 137 }, stdout: 'out\n', stderr: '', calls: 1 };

describe.concurrent('ExecRunner, if podman fails while a command runs', () => {
  it.each([removed, noEvent, noExitFile])('returns 137 for a container that has stopped, without the error of podman: %s', async error => {
    expect(await exec({ lines: [start, output, ['stderr', error]], container: 'stopped' })).toEqual(killed);
  });

  it.each(['removed', 'startedAgain'] as const)('returns 137 for a container that was %s', async container => {
    expect(await exec({ lines: [start, output, ['stderr', noEvent]], container })).toEqual(killed);
  });

  it('returns 137 for a program that has written to stdout, and keeps its stderr', async () => {
    const lines: readonly Line[] = [output, ['stderr', 'mine\n'], ['stderr', removed]];
    expect(await exec({ command: 'program', lines, container: 'removed' })).toEqual({ ...killed, stderr: 'mine\n' });
  });

  it('returns 137 for a command without output that has started', async () => {
    expect(await exec({ lines: [start, ['stderr', removed]], container: 'removed' })).toEqual({ ...killed, stdout: '' });
  });

  it.each(['running', 'paused'] as const)('has an unknown outcome if the container is still %s', async container => {
    const result = await exec({ lines: [start, output, ['stderr', noExitFile]], container });
    expect(result).toEqual({ ...killed, result: 'unknown' });
  });

  it.each([
    ['of its own', 'Error: mine\n', 255],
    ['about another container', removed.replace(id, 'cd'.repeat(32)), 255],
    ['like that of podman with another exit code', removed, 1],
  ])('returns the result of a command with an error %s', async (_, error, exitCode) => {
    for (const command of ['shell', 'program'] as const) {
      const lines: readonly Line[] = command === 'shell' ? [start, ['stderr', error]] : [output, ['stderr', error]];
      const result = await exec({ command, lines, container: 'running', exitCode });
      expect(result).toMatchObject({ result: { exitCode }, stderr: error });
    }
  });
});

describe.concurrent('ExecRunner, if podman fails while the command of a terminal runs', () => {
  it('returns 137 for a container that was removed', async () => {
    const lines: readonly Line[] = [output, ['stderr', removed]];
    expect(await exec({ command: 'terminal', lines, container: 'removed' })).toEqual(killed);
    const silent = await exec({ command: 'terminal', lines: [['stderr', removed]], container: 'removed', wasSeen: true });
    expect(silent).toEqual({ ...killed, stdout: '' });
  });

  it('has an unknown outcome if the container still runs', async () => {
    const running = exec({ command: 'terminal', lines: [output, ['stderr', noExitFile]], container: 'running' });
    expect(await running).toMatchObject({ result: 'unknown' });
  });

  it('has an unknown outcome if nothing shows whether the command ran', async () => {
    const unseen = exec({ command: 'terminal', lines: [['stderr', removed]], container: 'removed' });
    expect(await unseen).toMatchObject({ result: 'unknown', calls: 1 });
  });
});
