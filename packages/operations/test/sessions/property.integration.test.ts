import { images } from '@podman-api/testing';
import { array, assert, asyncProperty, constantFrom, dictionary, integer, oneof, option, record, string } from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awaitSession, type BothWays, see, startBothWays } from './both-ways.ts';

/** Anything that a process can be given: all but NUL, which the API refuses, and halves of characters, which JSON has not. */
const text = () => string({ unit: 'binary', maxLength: 200 }).map(given => given.replaceAll('\0', '').toWellFormed());

const step = oneof(
  text().map(given => `printf %s '${given.replaceAll("'", "'\\''")}'`),
  text().map(given => `printf %s '${given.replaceAll("'", "'\\''")}' >&2`),
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

describe.each(['busybox', 'debian'] as const)('in the image %s', kind => {
  let both: BothWays;
  beforeAll(async () => {
    both = await startBothWays(images[kind], ':');
  });
  afterAll(() => both.warm.podman.close());

  test('any exec in a session ends as by podman', async () => {
    const before = both.warm.podman.ranInSessions;
    await assert(
      asyncProperty(inputs, async ({ stdin, ...given }) => {
        const input = { ...given, ...(stdin !== undefined && { stdin }) };
        await awaitSession(both.warm, undefined);
        const { output: _, ...byPodman } = await see(both.cold.podman, { ...input, name: both.cold.name });
        const { output: __, ...inSession } = await see(both.warm.podman, { ...input, name: both.warm.name });
        expect(inSession).toEqual(byPodman);
      }),
      { numRuns: Number(process.env['EXEC_TRIES'] ?? 60), endOnFailure: true },
    );
    expect(both.warm.podman.ranInSessions - before).toBeGreaterThan(50);
  });
});
