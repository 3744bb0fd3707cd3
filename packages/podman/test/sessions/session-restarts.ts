import { images, testPodman, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { exec, podmanWithSessions, warmUp } from './exec-in-session.ts';

/** The container's main process, which ends when the file is there. */
const mainScript = 'until [ -e /stop ]; do usleep 20000; done; rm /stop';

/**
 * Commands under which the main process ends, and the exit codes that they may have. The test makes the file that ends
 * a command, or the main process, after it has read the output: what is written just before a container ends may be lost.
 */
const commands = [
  { script: 'echo started; sleep 4321', file: '/stop', exitCodes: [137] },
  { script: 'trap "" TERM; echo started; while :; do sleep 1; done', file: '/stop', exitCodes: [137] },
  { script: 'echo started; until [ -e /exit ]; do sleep .02; done; rm /exit; : >/stop; exit 5', file: '/exit', exitCodes: [5, 137] },
] as const;

/** Resolves with the time of a container's start once it runs and was started after an earlier one. */
function awaitStart(name: string, earlier: string): Promise<string> {
  return until(async () => {
    const state = await testPodman().run(['container', 'inspect', '--format={{.State.Running}} {{.State.StartedAt}}', '--', name]);
    return state.startsWith('true ') && state !== earlier ? state : undefined;
  });
}

/**
 * Defines a test that ends the main process of a container under an exec in a session. Podman starts the container again.
 * @param rounds how often
 * @param imageNames images of the containers, one after the other
 */
export function describeRestarts(rounds: number, ...imageNames: readonly ('busybox' | 'debian')[]): void {
  describe.each(imageNames)('exec in a session of a %s container with restart policy always', image => {
    it(`returns 137, or its own exit code, if the main process ends: ${rounds} rounds`, async context => {
      const podman = podmanWithSessions(context);
      const name = uniqueContainerName();
      const script = image === 'busybox' ? mainScript : mainScript.replace('usleep 20000', 'sleep .02');
      const flags = ['--detach', `--name=${name}`, '--restart=always', '--network=none'];
      await testPodman().run(['run', ...flags, '--', images[image], 'sh', '-c', script]);
      let startedAt = '';
      for (let round = 0; round < rounds; round += 1) {
        startedAt = await awaitStart(name, startedAt);
        const command = commands[round % commands.length] ?? commands[0];
        await warmUp(podman, name);
        const before = podman.ranInSessions;
        // The container may end before podman has the exit code of `touch`.
        const touch = () => testPodman().run(['exec', '--', name, 'touch', command.file]);
        const onStdout = (stdout: string) => {
          if (stdout === 'started\n') touch().catch(() => {});
        };
        const result = await exec(podman, name, ['sh', '-c', command.script], { onStdout });
        const hint = `round ${round}: ${command.script}`;
        expect(result, hint).toMatchObject({ reason: undefined, stdout: 'started\n' });
        expect(command.exitCodes, hint).toContain(result.exitCode);
        expect(podman.ranInSessions, hint).toBe(before + 1);
      }
    });
  });
}
