import { fileURLToPath } from 'node:url';
import { startChild } from '@podman-api/testing';
import { expect, test } from 'vitest';

const bench = fileURLToPath(new URL('../../../bench/src/hostile/main.ts', import.meta.url));

test('2,000 hostile requests: nothing falls, nothing leaves its place, and nobody is told of the inside', async () => {
  const run = startChild(process.execPath, [bench, '--requests', '2000', '--seed', '1']);
  const code = await run.ended;
  // The output holds the seed, the counts, and what is wrong.
  expect(code, run.output()).toBe(0);
});
