import { images, testPodman } from '@podman-api/testing';
import { ownName, startContainer } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { ExecCommand } from '../src/index.ts';
import { podmanWithSessions, warmUp } from './sessions.ts';

/** Errors that podman writes about its own failures; commands may write the same. */
const podmanErrors = [
  'Error: no container with name or ID "zzz" found: no such container',
  'Error: unable to connect to Podman socket: dial unix /x: connect: no such file or directory',
  'Error: can only create exec sessions on running containers: container state improper',
  'Error: unable to find user x: no matching entries in passwd file',
  'Error: short-name "x" did not resolve to an alias',
  'Error: executable file x not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found',
  'Error: something that podman could not do',
  'time="2026-01-01T00:00:00Z" level=warning msg="x"\nError: workdir "/x" does not exist on container y',
] as const;
const exitCodes = [125, 126, 127, 255] as const;

/** Ways to run a script by a shell. */
const forms: readonly (readonly [string, (script: string) => Pick<ExecCommand, 'argv' | 'stdin'>])[] = [
  ['sh -c', script => ({ argv: ['sh', '-c', script] })],
  ['/bin/sh -c', script => ({ argv: ['/bin/sh', '-c', script] })],
  ['sh -c with stdin', script => ({ argv: ['sh', '-c', script], stdin: 'x' })],
  ['env sh -c with stdin', script => ({ argv: ['env', 'sh', '-c', script], stdin: 'x' })],
];

const quote = (text: string) => `'${text}'`;

/** Runs a command and returns its outcome and its output. */
async function exec(podman: ReturnType<typeof testPodman>, command: Omit<ExecCommand, 'environment'>) {
  const written = { stdout: '', stderr: '' };
  const { exitCode, fault } = await podman.exec(
    { ...command, environment: {} },
    {
      take(stream, bytes) {
        written[stream] += Buffer.from(bytes).toString();
        return undefined;
      },
    },
  );
  return { exitCode, reason: fault?.reason, ...written };
}

describe('a command that writes what podman writes about its own failures', () => {
  let container: string;
  beforeAll(async () => {
    container = await startContainer(images.busybox);
  });
  const countOf = async (file: string) => (await testPodman().run(['exec', '--', container, 'cat', file])).split('\n').length - 1;

  describe.concurrent.each(forms)('by %s', (_form, commandOf) => {
    it.each(podmanErrors)('runs once and ends as itself: %s', async text => {
      const podman = testPodman();
      const file = `/tmp/${ownName()}`;
      for (const code of exitCodes) {
        const script = `echo ran >>${file}; printf '%s\\n' ${quote(text)} >&2; exit ${code}`;
        expect(await exec(podman, { container, ...commandOf(script) })).toEqual({
          exitCode: code,
          reason: undefined,
          stdout: '',
          stderr: `${text}\n`,
        });
      }
      expect(await countOf(file)).toBe(exitCodes.length);
    });
  });

  it.each(podmanErrors)('runs once in a session and ends as itself: %s', async text => {
    const podman = podmanWithSessions({ onTestFinished });
    await warmUp(podman, container);
    const file = `/tmp/${ownName()}`;
    const before = podman.ranInSessions;
    for (const code of exitCodes) {
      const script = `echo ran >>${file}; printf '%s\\n' ${quote(text)} >&2; exit ${code}`;
      expect(await exec(podman, { container, argv: ['sh', '-c', script] })).toEqual({
        exitCode: code,
        reason: undefined,
        stdout: '',
        stderr: `${text}\n`,
      });
    }
    expect(await countOf(file)).toBe(exitCodes.length);
    expect(podman.ranInSessions).toBeGreaterThan(before);
  });

  it('has an unknown outcome if no shell runs it and podman does not confirm the error', async () => {
    const script = `printf '%s\\n' ${quote(podmanErrors[0])} >&2; exit 125`;
    await expect(exec(testPodman(), { container, argv: ['env', 'sh', '-c', script] })).rejects.toMatchObject({ outcome: 'unknown' });
  });
});

describe('a failure of podman exec', () => {
  let running: string;
  let stopped: string;
  let paused: string;
  beforeAll(async () => {
    const podman = testPodman();
    [running, paused] = await Promise.all([startContainer(images.busybox), startContainer(images.busybox)]);
    await podman.run(['pause', '--', paused]);
    stopped = ownName();
    await podman.run(['create', `--name=${stopped}`, '--', images.busybox, 'sleep', '1']);
  });

  const cases: readonly (readonly [string, () => Omit<ExecCommand, 'environment' | 'argv'>, string])[] = [
    ['no such container', () => ({ container: ownName() }), 'no-container'],
    ['stopped container', () => ({ container: stopped }), 'not-running'],
    ['paused container', () => ({ container: paused }), 'not-running'],
    ['no such user', () => ({ container: running, user: 'nobody-here' }), 'no-user'],
    ['user id above 31 bits', () => ({ container: running, user: '2147483648' }), 'no-user'],
    ['user id above 32 bits', () => ({ container: running, user: '4294967296' }), 'no-user'],
    ['no such working directory', () => ({ container: running, workDir: '/no/such' }), 'bad-work-dir'],
  ];
  const commands: readonly (readonly [string, Pick<ExecCommand, 'argv' | 'stdin'>])[] = [
    ['sh -c', { argv: ['sh', '-c', 'echo ran'] }],
    ['sh -c with stdin', { argv: ['sh', '-c', 'echo ran'], stdin: 'x' }],
    ['a program', { argv: ['echo', 'ran'] }],
    ['a program with stdin', { argv: ['echo', 'ran'], stdin: 'x' }],
  ];
  describe.each(cases)('%s', (_case, target, reason) => {
    it.each(commands)('is never the result of %s', async (_command, command) => {
      expect(await exec(testPodman(), { ...target(), ...command })).toMatchObject({ reason, stdout: '', stderr: '' });
    });
  });

  // Whether the limit lets a process in depends on how many threads the runtime needs at that moment.
  it.each(commands)('limit of processes: is never the result of %s', async (_command, command) => {
    const container = ownName();
    const flags = ['--detach', `--name=${container}`, '--pids-limit=1', '--network=none'];
    await testPodman().run(['run', ...flags, '--', images.busybox, 'sleep', '600']);
    for (let count = 0; count < 5; count += 1) {
      // Without a shell podman's error must be confirmed, and the next attempt may succeed.
      const result = await exec(testPodman(), { container, ...command }).catch((error: { outcome?: string }) => error.outcome);
      if (result === 'unknown' && command.argv[0] !== 'sh' && command.stdin === undefined) continue;
      expect([
        { exitCode: 0, reason: undefined, stdout: 'ran\n', stderr: '' },
        { exitCode: expect.any(Number), reason: 'limit-reached', stdout: '', stderr: '' },
      ]).toContainEqual(result);
    }
  });
});
