import { fileURLToPath } from 'node:url';
import { startChild } from '@podman-api/testing';
import { expect, test } from 'vitest';

const bench = fileURLToPath(new URL('../../../bench/src/fleet/main.ts', import.meta.url));

test('simulated nodes, few and more: every list is whole, and an API process has no more connections to Redis', async () => {
  const run = startChild(process.execPath, [bench, '--quick', '--nodes', '1,3,30']);
  const code = await run.ended;
  // The output holds the figures, and what is wrong.
  expect(code, run.output()).toBe(0);
});
