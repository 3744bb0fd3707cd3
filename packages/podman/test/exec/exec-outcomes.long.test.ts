import { images, testPodman } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { array, assert, asyncProperty, constantFrom, integer, record } from 'fast-check';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { podmanWithSessions, warmUp } from '../sessions/exec-in-session.ts';
import { commands, describeFailures } from './exec-failures.ts';
import { describeImitations, execToEnd, exitCodes, forms, podmanErrors } from './exec-outcomes.ts';

describeImitations({ errors: podmanErrors, codes: exitCodes });
describeFailures(...Object.values(commands));

describe('a command that writes messages of podman to any stream', () => {
  const runs = Number(process.env['EXEC_TRIES'] ?? 25);
  const writes = array(record({ stream: constantFrom('stdout', 'stderr'), text: constantFrom(...podmanErrors) }), {
    minLength: 1,
    maxLength: 4,
  });
  const codes = integer({ min: 0, max: 255 });
  let container: string;
  beforeAll(async () => {
    container = await startContainer(images.busybox);
  });

  /** Runs a script that writes messages, and compares its outcome with what it did. */
  async function expectItself(
    podman: ReturnType<typeof testPodman>,
    commandOf: (typeof forms)[number][1],
    file: string,
    written: readonly { readonly stream: 'stdout' | 'stderr'; readonly text: string }[],
    code: number,
  ): Promise<void> {
    const lines = written.map(({ stream, text }) => `printf '%s\\n' '${text}'${stream === 'stderr' ? ' >&2' : ''}`);
    const script = [`echo ran >>${file}`, ...lines, `exit ${code}`].join('\n');
    const textOf = (wanted: string) =>
      written
        .filter(({ stream }) => stream === wanted)
        .map(({ text }) => `${text}\n`)
        .join('');
    expect(await execToEnd(podman, { container, ...commandOf(script) })).toEqual({
      exitCode: code,
      reason: undefined,
      stdout: textOf('stdout'),
      stderr: textOf('stderr'),
    });
  }
  const countOf = async (file: string) => (await testPodman().run(['exec', '--', container, 'cat', file])).split('\n').length - 1;

  it(`ends as itself and runs once, cold: ${runs} generated commands`, async () => {
    const file = `/tmp/${uniqueContainerName()}`;
    const property = asyncProperty(constantFrom(...forms), writes, codes, ([, commandOf], written, code) =>
      expectItself(testPodman(), commandOf, file, written, code),
    );
    await assert(property, { numRuns: runs, endOnFailure: true });
    expect(await countOf(file)).toBe(runs);
  });

  it(`ends as itself and runs once, in a session: ${runs} generated commands`, async () => {
    const podman = podmanWithSessions({ onTestFinished });
    await warmUp(podman, container);
    const before = podman.ranInSessions;
    const file = `/tmp/${uniqueContainerName()}`;
    const property = asyncProperty(writes, codes, async (written, code) => {
      await expectItself(podman, script => ({ argv: ['sh', '-c', script] }), file, written, code);
    });
    await assert(property, { numRuns: runs, endOnFailure: true });
    expect(await countOf(file)).toBe(runs);
    expect(podman.ranInSessions - before).toBeGreaterThan(runs / 2);
  });
});
