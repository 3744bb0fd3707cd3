import { fileURLToPath } from 'node:url';
import { startChild } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';

const bench = fileURLToPath(new URL('../../../tools/bench/src/fleet/main.ts', import.meta.url));

/** Defines a test with fleets of simulated nodes, of one size after the other. It does not check times: see `npm run bench:fleet`. */
export function describeFleetScale(sizes: readonly number[]): void {
  describe(`fleets of ${sizes.join(', ')} simulated nodes`, () => {
    it('list all containers, and use the same number of connections from an API process to Redis', async () => {
      const run = startChild(process.execPath, [bench, '--quick', '--nodes', sizes.join(',')]);
      const code = await run.ended;
      // The output holds the figures, and what is wrong.
      expect(code, run.output()).toBe(0);
    });
  });
}
