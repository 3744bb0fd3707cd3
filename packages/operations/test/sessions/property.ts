import { images } from '@podman-api/testing';
import { array, assert, asyncProperty, constantFrom, dictionary, integer, oneof, option, record, string } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awaitSession, type ContainerPair, runExec, startContainerPair } from './container-pair.ts';

/** Anything that a process can be given: all but NUL, which the API refuses, and lone surrogates, which JSON does not have. */
const text = () => string({ unit: 'binary', maxLength: 200 }).map(given => given.replaceAll('\0', '').toWellFormed());
const quoted = (given: string) => `'${given.replaceAll("'", "'\\''")}'`;

const step = oneof(
  text().map(given => `printf %s ${quoted(given)}`),
  text().map(given => `printf %s ${quoted(given)} >&2`),
  integer({ min: 0, max: 255 }).map(code => `(exit ${code})`),
  integer({ min: 0, max: 70_000 }).map(count => `head -c ${count} /dev/zero`),
  constantFrom(
    'cat',
    'cd /tmp',
    'umask 077',
    'exec 2>&1',
    'set -e',
    'unset A',
    'export B=1',
    'pwd',
    'echo "$A"',
    'read x; echo "$x"',
    "trap 'echo bye' EXIT",
  ),
);

const inputs = record(
  {
    command: oneof(
      array(step, { minLength: 1, maxLength: 6 }).chain(steps =>
        integer({ min: 0, max: 255 }).map(code => `${steps.join('\n')}\nexit ${code}`),
      ),
      array(text(), { maxLength: 6 }).map(words => ['printf', '[%s]', ...words]),
    ),
    environment: dictionary(constantFrom('A', 'B', 'Z_9', 'LONG_NAME', 'HOME', 'LANG'), text(), { maxKeys: 4 }),
    work_dir: constantFrom('/', '/tmp', '/dev', '/etc/'),
    stdin: option(
      string({ unit: 'binary', maxLength: 3000 }).map(given => given.toWellFormed()),
      { nil: undefined },
    ),
  },
  { requiredKeys: ['command', 'environment', 'work_dir'] },
);

/**
 * Defines a test for each image, which runs generated execs in a session and by `podman exec` and compares both.
 * @param defaultRuns how many execs; the variable EXEC_TRIES overrides it
 */
export function describeGeneratedExecs(defaultRuns: number): void {
  const numRuns = Number(process.env['EXEC_TRIES'] ?? defaultRuns);
  describe.each(['busybox', 'debian'] as const)('exec in a session of a %s container', image => {
    let pair: ContainerPair;
    beforeAll(async () => {
      pair = await startContainerPair(images[image], ':');
    });
    afterAll(() => pair.warm.podman.close());

    it(`ends as podman exec does: ${numRuns} generated execs`, async () => {
      const { cold, warm } = pair;
      let compared = 0;
      await assert(
        asyncProperty(inputs, async ({ stdin, ...given }) => {
          const input = { ...given, ...(stdin !== undefined && { stdin }) };
          const [byPodman] = await Promise.all([runExec(cold.podman, { ...input, name: cold.name }), awaitSession(warm, undefined)]);
          const before = warm.podman.ranInSessions;
          expect(await runExec(warm.podman, { ...input, name: warm.name })).toEqual(byPodman);
          compared += warm.podman.ranInSessions - before;
        }),
        { numRuns, endOnFailure: true },
      );
      expect(compared).toBeGreaterThan(numRuns / 2);
    });
  });
}
