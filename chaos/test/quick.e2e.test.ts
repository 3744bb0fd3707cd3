import { fileURLToPath } from 'node:url';
import { startChild } from '@podman-api/testing';
import { expect, test } from 'vitest';

/** A run takes some 40 s; one in which jobs are stuck takes two minutes and more. */
const patience = 240_000;

test('what callers are told is true, whatever is killed, frozen and cut', { timeout: patience }, async () => {
  const chaos = startChild(process.execPath, [fileURLToPath(new URL('../src/main.ts', import.meta.url)), '--quick', '--seed', '1']);
  const code = await chaos.ended;
  // The output holds the seed, the table, and what is wrong.
  expect(code, chaos.output()).toBe(0);
});
