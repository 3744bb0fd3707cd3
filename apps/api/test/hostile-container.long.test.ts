import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Service, startService } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createContainers, type HostileContainers } from './hostile-container/containers.ts';
import { generateRounds } from './hostile-container/rounds.ts';

const roundCount = Number(process.env['HOSTILE_ROUNDS'] ?? 10_000);
const seed = Number(process.env['HOSTILE_SEED'] ?? 20_261_128);
/** Rounds at once. A node runs ten commands at once by default, so the honest caller always finds a free one. */
const callers = 6;
const maxResidentBytes = 400 * 1024 ** 2;
const maxBlockedMs = 200;
/** Calls of the honest caller before the rounds, for comparison. */
const callsBefore = 50;
/** Limit against hanging: an idle machine takes a few minutes, a machine with busy cores many times as long. */
const timeoutMs = 2 * 3_600_000;

const probe = fileURLToPath(new URL('./hostile-container/loop-probe.ts', import.meta.url));

let folder: string;
let service: Service;
let containers: HostileContainers;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
  const options = `--max-semi-space-size=2 --import=${probe}`;
  service = await startService({ NODE_OPTIONS: options, LOOP_PROBE_FOLDER: folder, MAX_WAIT: '300' });
  containers = await createContainers();
}, timeoutMs);
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true });
});

/** Sends one exec and one list, as another caller does during the rounds. @returns their durations in ms */
async function callHonestly(index: number): Promise<number> {
  const { call } = service;
  const { honest } = containers;
  const startedAt = performance.now();
  const executed = await call('POST', `/containers/${honest}/exec`, { command: ['echo', `call ${index}`] });
  expect(executed).toMatchObject({ status: 200, body: { execution: { exit_code: 0, stdout: `call ${index}\n`, stderr: '' } } });
  const listed = await call('GET', `/containers?name=${honest}`);
  expect(listed).toMatchObject({ status: 200, body: { containers: [{ name: honest, status: 'running' }] } });
  return performance.now() - startedAt;
}

/** Peak of resident memory, proc_pid_status(5). */
function peakBytes(pid: number | undefined): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

const median = (values: readonly number[]) => Math.round([...values].sort((one, other) => one - other)[values.length >> 1] ?? 0);
const inMebibytes = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MiB`;

describe('a service with hostile containers', () => {
  it(
    `serves an honest caller, within its bounds of memory, during ${roundCount} rounds`,
    async () => {
      const before: number[] = [];
      for (let index = 0; index < callsBefore; index += 1) before.push(await callHonestly(index));

      const source = generateRounds(seed, roundCount);
      const kinds = new Map<string, number>();
      const work = async () => {
        for (const round of source) {
          await round.run(service.call, containers);
          kinds.set(round.kind, (kinds.get(round.kind) ?? 0) + 1);
        }
      };
      let isOver = false;
      const during: number[] = [];
      const callUntilOver = async () => {
        for (let index = 0; !isOver; index += 1) during.push(await callHonestly(index));
      };
      const honest = callUntilOver();
      const all = Promise.all(Array.from({ length: callers }, work)).finally(() => {
        isOver = true;
      });
      await Promise.all([all, honest]);

      const [worker, api] = [peakBytes(service.worker.process.pid), peakBytes(service.api.process.pid)];
      const blockedMs = readdirSync(folder).map(name => Number(readFileSync(join(folder, name), 'utf8')));
      process.stdout.write(
        `seed ${seed}: ${[...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ')}\n` +
          `peak memory: worker ${inMebibytes(worker)}, API ${inMebibytes(api)}; event loop blocked for ${blockedMs.map(Math.round).join(' and ')} ms at most\n` +
          `honest caller: median ${median(before)} ms before, ${median(during)} ms during (${during.length} calls)\n`,
      );
      expect(Math.max(worker, api)).toBeLessThan(maxResidentBytes);
      expect(blockedMs).toHaveLength(2);
      expect(Math.max(...blockedMs)).toBeLessThan(maxBlockedMs);
    },
    timeoutMs,
  );
});
