import { images } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preparation } from './cases/index.ts';
import { awaitSession, type ContainerPair, runExec, startContainerPair } from './container-pair.ts';
import type { ExecCase } from './exec-case.ts';

/** Defines a test for each case and image, which runs the exec in a session and by `podman exec` and compares both. */
export function describeEquivalence(cases: readonly ExecCase[], imageNames: readonly ('busybox' | 'debian')[]): void {
  describe.each(imageNames)('exec in a session of a %s container', image => {
    let pair: ContainerPair;
    beforeAll(async () => {
      pair = await startContainerPair(images[image], preparation);
    });
    afterAll(() => pair.warm.podman.close());

    it.each(cases)('ends as podman exec does: $name', async ({ input, cold }) => {
      const isCold = cold === true || cold === image;
      const { warm } = pair;
      const [byPodman] = await Promise.all([
        runExec(pair.cold.podman, { ...input, name: pair.cold.name }),
        isCold ? undefined : awaitSession(warm, input.user),
      ]);
      const before = warm.podman.ranInSessions;
      expect(await runExec(warm.podman, { ...input, name: warm.name })).toEqual(byPodman);
      if (isCold) expect(warm.podman.ranInSessions).toBe(before);
    });
  });
}
