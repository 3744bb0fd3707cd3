import { images, testPodman, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';

const podman = testPodman();

/** Runs a command, removes its container when the command has started, and returns the command's outcome. */
async function removeDuringExec(argv: readonly string[], hasStarted: (stdout: string, container: string) => Promise<boolean>) {
  const container = await startContainer(images.busybox);
  const written = { stdout: '', stderr: '' };
  const running = podman
    .exec(
      { container, argv, environment: {} },
      {
        onOutput(stream, bytes) {
          written[stream] += Buffer.from(bytes).toString();
          return undefined;
        },
      },
    )
    .catch((error: { outcome?: string }) => error.outcome);
  await until(() => hasStarted(written.stdout, container));
  await podman.run(['rm', '--force', '--time=0', '--', container]);
  return { result: await running, ...written };
}

describe('podman exec in a container that is removed meanwhile', () => {
  it('returns 137 without an error of podman', async () => {
    const outcome = await removeDuringExec(['sh', '-c', 'echo out; sleep 600'], async stdout => stdout === 'out\n');
    expect(outcome).toEqual({ result: { exitCode: 137 }, stdout: 'out\n', stderr: '' });
  });

  it('returns 137, or has an unknown outcome if nothing shows whether the command ran', async () => {
    const outcome = await removeDuringExec(['sleep', '601'], async (_stdout, container) =>
      (await podman.run(['top', '--', container, 'args'])).includes('sleep 601'),
    );
    // Podman reads the exit code before or after the removal.
    expect(['unknown', { exitCode: 137 }]).toContainEqual(outcome.result);
    expect(outcome).toMatchObject({ stdout: '', stderr: '' });
  });
});
