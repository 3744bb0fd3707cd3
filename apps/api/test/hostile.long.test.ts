import { fileURLToPath } from 'node:url';
import { startChild } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';

const bench = fileURLToPath(new URL('../../../tools/bench/src/hostile/main.ts', import.meta.url));
const requests = process.env['HOSTILE_REQUESTS'] ?? '100000';
/** Limit against hanging: a machine with busy cores serves 30 requests a second, an idle one more than a thousand. */
const timeoutMs = 3 * 3_600_000;

describe(`${requests} hostile requests`, () => {
  it(
    'end no process, reach no path outside, and get no response that shows internals',
    async () => {
      const run = startChild(process.execPath, [bench, '--requests', requests, '--seed', '20261128']);
      const code = await run.ended;
      expect(code, run.output()).toBe(0);
    },
    timeoutMs,
  );
});
