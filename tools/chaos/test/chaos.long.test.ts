import { fileURLToPath } from 'node:url';
import { startChild } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';

const chaos = fileURLToPath(new URL('../src/main.ts', import.meta.url));

describe('npm run chaos -- --quick', () => {
  it('finds no wrong response while processes are killed, frozen and cut off', async () => {
    const run = startChild(process.execPath, [chaos, '--quick', '--seed', '1']);
    const code = await run.ended;
    // The output holds the seed, the table, and what is wrong.
    expect(code, run.output()).toBe(0);
  });
});
