import { readFile } from 'node:fs/promises';
import { findLimitsWarning, images, skipWithoutLimits, testPodman, until } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ExecCommand } from '../../src/index.ts';
import { execToEnd } from './exec-outcomes.ts';

/** Without limits podman can pause no container either. */
const canPause = findLimitsWarning() === undefined;

type Command = readonly [description: string, command: Pick<ExecCommand, 'argv' | 'stdin'>];

/** Ways to run a command, with and without a shell and a stdin. */
export const commands = {
  shell: ['sh -c', { argv: ['sh', '-c', 'echo ran'] }],
  shellWithStdin: ['sh -c with stdin', { argv: ['sh', '-c', 'echo ran'], stdin: 'x' }],
  program: ['a program', { argv: ['echo', 'ran'] }],
  programWithStdin: ['a program with stdin', { argv: ['echo', 'ran'], stdin: 'x' }],
} as const satisfies Readonly<Record<string, Command>>;

/** Defines a test for each failure of podman and each way to run a command. */
export function describeFailures(...tried: readonly Command[]): void {
  describe('a failure of podman exec', () => {
    let running: string;
    let stopped: string;
    let paused: string;
    beforeAll(async () => {
      const podman = testPodman();
      [running, paused] = await Promise.all([startContainer(images.busybox), startContainer(images.busybox)]);
      if (canPause) await podman.run(['pause', '--', paused]);
      stopped = uniqueContainerName();
      await podman.run(['create', `--name=${stopped}`, '--', images.busybox, 'sleep', '1']);
    });

    const cases: readonly (readonly [string, () => Omit<ExecCommand, 'environment' | 'argv'>, string])[] = [
      ['no such container', () => ({ container: uniqueContainerName() }), 'no-container'],
      ['stopped container', () => ({ container: stopped }), 'not-running'],
      ...(canPause ? ([['paused container', () => ({ container: paused }), 'not-running']] as const) : []),
      ['no such user', () => ({ container: running, user: 'nobody-here' }), 'no-user'],
      ['user id above 31 bits', () => ({ container: running, user: '2147483648' }), 'no-user'],
      ['user id above 32 bits', () => ({ container: running, user: '4294967296' }), 'no-user'],
      ['a file as working directory', () => ({ container: running, workDir: '/etc/passwd' }), 'bad-work-dir'],
      ['no such working directory', () => ({ container: running, workDir: '/no/such' }), 'bad-work-dir'],
    ];
    describe.each(cases)('%s', (_case, target, reason) => {
      it.each(tried)('is never the result of %s', async (_command, command) => {
        expect(await execToEnd(testPodman(), { ...target(), ...command })).toMatchObject({ reason, stdout: '', stderr: '' });
      });
    });

    // Whether the limit lets a process in depends on how many threads the runtime needs at that moment.
    it.for(tried)('limit of processes: is never the result of %s', async ([, command], context) => {
      skipWithoutLimits(context);
      const container = await until(startWithOneProcess);
      for (let count = 0; count < 2; count += 1) {
        // Without a shell podman's error must be confirmed, and the next attempt may succeed; with stdin podman may lose output.
        const result = await execToEnd(testPodman(), { container, ...command }).catch((error: { outcome?: string }) => error.outcome);
        if (result === 'unknown' && (command.argv[0] !== 'sh' || command.stdin !== undefined)) continue;
        expect([
          { exitCode: 0, reason: undefined, stdout: 'ran\n', stderr: '' },
          { exitCode: expect.any(Number), reason: 'limit-reached', stdout: '', stderr: '' },
        ]).toContainEqual(result);
      }
    });
  });
}

/**
 * Starts a container that is limited to one process. runc itself may need a second thread there, and then the container is not
 * started, or exits before its command runs.
 * @returns its name; `undefined` if its command does not run
 */
async function startWithOneProcess(): Promise<string | undefined> {
  const name = uniqueContainerName();
  const flags = ['--detach', `--name=${name}`, '--pids-limit=1', '--network=none'];
  await testPodman()
    .run(['run', ...flags, '--', images.busybox, 'sleep', '600'])
    .catch(() => {});
  const isRunning = await until(async () => {
    const [status, pid] = (await testPodman().run(['container', 'inspect', '--format={{.State.Status}} {{.State.Pid}}', '--', name]))
      .trim()
      .split(' ');
    if (status !== 'running') return 'no';
    // The process may have ended since podman read its state.
    const program = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    return program === 'sleep\n' ? 'yes' : undefined;
  });
  return isRunning === 'yes' ? name : undefined;
}
