import { describe, expect, it } from 'vitest';
import { ExecRunner } from '../../src/exec/exec-runner.ts';
import type { InspectContainer } from '../../src/exec/explain-error.ts';
import type { RunPodman } from '../../src/process/run-process.ts';

const id = 'ab'.repeat(32);

const crash = `runtime/cgo: pthread_create failed: Resource temporarily unavailable
SIGABRT: abort
PC=0x7fcb4b5c6eec m=2 sigcode=18446744073709551610

goroutine 1 [runnable, locked to thread]:
`;
const runcFrame = 'github.com/opencontainers/runc/libcontainer.(*linuxSetnsInit).Init(0xc000024600)\n';

/** The container runs since before the command. */
const inspect: InspectContainer = async () => ({ Id: id, State: { Running: true, Paused: false, StartedAt: '2026-01-01T00:00:00Z' } });

/**
 * Runs `true` without a shell, with a fake podman that writes `stderr` and exits with `code`.
 * @param probed what podman writes for the probe
 */
async function execOnce(stderr: string, code: number, probed = stderr) {
  let written = '';
  let calls = 0;
  const run: RunPodman = async (_args, _options, sink) => {
    calls += 1;
    if (typeof sink === 'function') await sink('stderr', Buffer.from(calls === 1 ? stderr : probed));
    return code;
  };
  const onOutput = (_stream: string, bytes: Uint8Array) => {
    written += Buffer.from(bytes).toString();
    return undefined;
  };
  const command = { container: 'web', argv: ['true'], environment: {} };
  const result = await new ExecRunner(run, inspect).exec(command, { onOutput }).catch((error: { outcome?: string }) => error.outcome);
  return { result, written, calls };
}

describe('ExecRunner', () => {
  it.each([
    `container ${id} does not exist in database: no such container`,
    `no container with ID ${id} found in database: no such container`,
    `container ${id} is not valid: container has already been removed`,
    `retrieving exec session ${id} exit code: exec died event for session ${id} (container ${id}) not found: unable to find event`,
    `timed out waiting for file /userdata/${id}/exit/${id}: internal libpod error`,
  ])('has an unknown outcome, and does not run again, for an error that podman may write after the command: %s', async message => {
    expect(await execOnce(`Error: ${message}\n`, 255)).toMatchObject({ result: 'unknown', calls: 1 });
  });

  it.each([
    'can only start exec sessions when their container is running: container state improper',
    `container ${id} has no exec session with ID ${id}: no such exec session`,
  ])('reports a container that ended before the command: %s', async message => {
    const probed = 'Error: can only create exec sessions on running containers: container state improper\n';
    const result = await execOnce(`Error: ${message}\n`, 255, probed);
    expect(result).toMatchObject({ result: { fault: { reason: 'not-running' } }, written: '', calls: 2 });
  });

  it('has an unknown outcome if runc crashes before the command, because the command may have written the same', async () => {
    expect(await execOnce(crash + runcFrame, 2)).toEqual({ result: 'unknown', written: crash + runcFrame, calls: 1 });
  });

  it.each([
    ['the crash of another program', crash, 2],
    ['a crash with another exit code', crash + runcFrame, 134],
    ['a message about runc', `no such file: ${runcFrame}`, 2],
  ])('returns %s as the result of the command', async (_title, stderr, code) => {
    expect(await execOnce(stderr, code)).toEqual({ result: { exitCode: code }, written: stderr, calls: 1 });
  });
});
