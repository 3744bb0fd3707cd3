import { fileURLToPath } from 'node:url';
import { startChild } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';

const bench = fileURLToPath(new URL('../../../tools/bench/src/hostile/main.ts', import.meta.url));

describe('150 hostile requests', () => {
  it('end no process, reach no path outside, and get no response that shows internals', async () => {
    const run = startChild(process.execPath, [bench, '--requests', '150', '--seed', '1']);
    const code = await run.ended;
    // The output has the seed, the counts and each breach.
    expect(code, run.output()).toBe(0);
  });
});
