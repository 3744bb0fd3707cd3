import { expect, it } from 'vitest';
import { appendFileSync } from 'node:fs';
import { exec, startWarmContainer } from './sessions.ts';
it.for(['busybox', 'debian', 'plain'] as const)('latency %s', async (image, context) => {
  const { podman, name } = await startWarmContainer(context, image);
  const times: number[] = [];
  const before = podman.ranInSessions;
  const n = 1500;
  const start = performance.now();
  for (let i = 0; i < n; i += 1) {
    const at = performance.now();
    await exec(podman, name, ['true']);
    times.push(performance.now() - at);
  }
  const total = performance.now() - start;
  times.sort((a, b) => a - b);
  const q = (p: number) => times[Math.floor(p * n)]?.toFixed(2);
  appendFileSync('/tmp/cli-scratch/latency', `${process.env['LABEL']} ${image} p10 ${q(0.1)} median ${q(0.5)} p90 ${q(0.9)} p95 ${q(0.95)} p99 ${q(0.99)} mean ${(total / n).toFixed(2)} warm ${podman.ranInSessions - before}/${n}\n`);
  expect(1).toBe(1);
});
