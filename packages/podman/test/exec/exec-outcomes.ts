import { images, testPodman } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { ExecCommand } from '../../src/index.ts';
import { podmanWithSessions, warmUp } from '../sessions/exec-in-session.ts';

/** Errors that podman writes about its own failures; commands may write the same. */
export const podmanErrors = [
  'Error: no container with name or ID "zzz" found: no such container',
  'Error: unable to connect to Podman socket: dial unix /x: connect: no such file or directory',
  'Error: can only create exec sessions on running containers: container state improper',
  'Error: unable to find user x: no matching entries in passwd file',
  'Error: short-name "x" did not resolve to an alias',
  'Error: executable file x not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found',
  'Error: something that podman could not do',
  'Error: runtime /usr/bin/runc is missing: OCI runtime attempted to invoke a command that was not found',
  'time="2026-01-01T00:00:00Z" level=warning msg="x"\nError: workdir "/x" does not exist on container y',
] as const;
export const exitCodes = [125, 126, 127, 255] as const;

/** Ways to run a script with a shell. */
export const forms: readonly (readonly [string, (script: string) => Pick<ExecCommand, 'argv' | 'stdin'>])[] = [
  ['sh -c', script => ({ argv: ['sh', '-c', script] })],
  ['/bin/sh -c', script => ({ argv: ['/bin/sh', '-c', script] })],
  ['sh -c with stdin', script => ({ argv: ['sh', '-c', script], stdin: 'x' })],
  ['env sh -c with stdin', script => ({ argv: ['env', 'sh', '-c', script], stdin: 'x' })],
];

const quote = (text: string) => `'${text}'`;

/** Runs a command and returns its outcome and its output. */
export async function execToEnd(podman: ReturnType<typeof testPodman>, command: Omit<ExecCommand, 'environment'>) {
  const written = { stdout: '', stderr: '' };
  const { exitCode, fault } = await podman.exec(
    { ...command, environment: {} },
    {
      onOutput(stream, bytes) {
        written[stream] += Buffer.from(bytes).toString();
        return undefined;
      },
    },
  );
  return { exitCode, reason: fault?.reason, ...written };
}

interface Scope {
  readonly errors: readonly string[];
  readonly codes: readonly number[];
}

/** Defines a test for each error and each way to run a command, cold and in a session. */
export function describeImitations({ errors, codes }: Scope): void {
  describe('a command that writes what podman writes about its own failures', () => {
    let container: string;
    beforeAll(async () => {
      container = await startContainer(images.busybox);
    });
    const countOf = async (file: string) => (await testPodman().run(['exec', '--', container, 'cat', file])).split('\n').length - 1;

    describe.concurrent.each(forms)('by %s', (_form, commandOf) => {
      it.each(errors)('runs once and ends as itself: %s', async text => {
        const podman = testPodman();
        const file = `/tmp/${uniqueContainerName()}`;
        for (const code of codes) {
          const script = `echo ran >>${file}; printf '%s\\n' ${quote(text)} >&2; exit ${code}`;
          expect(await execToEnd(podman, { container, ...commandOf(script) })).toEqual({
            exitCode: code,
            reason: undefined,
            stdout: '',
            stderr: `${text}\n`,
          });
        }
        expect(await countOf(file)).toBe(codes.length);
      });
    });

    it.each(errors)('runs once in a session and ends as itself: %s', async text => {
      const podman = podmanWithSessions({ onTestFinished });
      await warmUp(podman, container);
      const file = `/tmp/${uniqueContainerName()}`;
      const before = podman.ranInSessions;
      for (const code of codes) {
        const script = `echo ran >>${file}; printf '%s\\n' ${quote(text)} >&2; exit ${code}`;
        expect(await execToEnd(podman, { container, argv: ['sh', '-c', script] })).toEqual({
          exitCode: code,
          reason: undefined,
          stdout: '',
          stderr: `${text}\n`,
        });
      }
      expect(await countOf(file)).toBe(codes.length);
      expect(podman.ranInSessions).toBeGreaterThan(before);
    });

    it('has an unknown outcome if no shell runs it and podman does not confirm the error', async () => {
      const script = `printf '%s\\n' ${quote(podmanErrors[0])} >&2; exit 125`;
      await expect(execToEnd(testPodman(), { container, argv: ['env', 'sh', '-c', script] })).rejects.toMatchObject({ outcome: 'unknown' });
    });
  });
}
