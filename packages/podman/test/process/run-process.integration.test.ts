import type { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type CommandOptions, runProcess } from '../../src/process/run-process.ts';

/** A shell in place of podman. */
const host = { binary: 'sh', env: { PATH: process.env['PATH'] ?? '' } };

/** Runs a script, which exits with 3 at the end of its stdin, and aborts its signal once it runs. */
async function runAborted(stop: (stdin: Writable | undefined) => CommandOptions['stop']): Promise<number | null> {
  const controller = new AbortController();
  let stdin: Writable | undefined;
  const options: CommandOptions = {
    signal: controller.signal,
    onStdin(stream) {
      stdin = stream;
    },
    stop: async () => (await stop(stdin)?.()) ?? false,
  };
  return runProcess(host, ['-c', 'echo running; read -r line; exit 3'], options, () => {
    controller.abort(new Error('aborted'));
    return undefined;
  });
}

describe('runProcess', () => {
  it.each([
    ['the exit code of a command that had ended by itself', false, 3],
    ['no exit code if the command was ended', true, null],
  ])('returns %s when the signal is aborted', async (_, wasEnded, exitCode) => {
    const stop = (stdin: Writable | undefined) => async () => {
      stdin?.end();
      return wasEnded;
    };
    expect(await runAborted(stop)).toBe(exitCode);
  });

  it('ends a process whose signal is aborted while its input is being prepared', async () => {
    const controller = new AbortController();
    const running = runProcess(
      host,
      // A child of the shell would outlive it, and keep the output open.
      ['-c', 'read -r line; exec sleep 600'],
      { signal: controller.signal, stdinFile: Buffer.from('x\n') },
      () => undefined,
    );
    controller.abort(new Error('aborted'));
    expect(await running).toBeNull();
  });
});
