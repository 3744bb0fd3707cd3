import { images } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awaitSession, type BothWays, see, startBothWays } from './both-ways.ts';
import { cases, preparation } from './cases.ts';

describe.each(['busybox', 'debian'] as const)('an exec in a session of the image %s ends as by podman:', kind => {
  let both: BothWays;
  beforeAll(async () => {
    both = await startBothWays(images[kind], preparation);
  });
  afterAll(() => both.warm.podman.close());

  test.each(cases)('$what', async ({ input, cold: where }) => {
    const cold = where === true || where === kind;
    const [{ output: _, ...byPodman }] = await Promise.all([
      see(both.cold.podman, { ...input, name: both.cold.name }),
      cold ? undefined : awaitSession(both.warm, input.user),
    ]);
    const ran = both.warm.podman.ranInSessions;
    const { output: __, ...inSession } = await see(both.warm.podman, { ...input, name: both.warm.name });
    expect(inSession).toEqual(byPodman);
    if (cold) expect(both.warm.podman.ranInSessions).toBe(ran);
  });

  test('with every exit code', async () => {
    const codes = Array.from({ length: 256 }, (_, code) => code);
    for (const exitCode of codes) {
      const { output: _, ...seen } = await see(both.warm.podman, { name: both.warm.name, command: `exit ${exitCode}` });
      expect(seen).toEqual({ exitCode, stdout: '', stderr: '' });
    }
  });
});

test('there are enough cases', () => {
  expect(cases.length).toBeGreaterThan(150);
  expect(cases.filter(({ cold }) => cold).length).toBeLessThan(cases.length / 5);
});
