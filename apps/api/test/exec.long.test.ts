import { readFileSync } from 'node:fs';
import { images, type Service, startService } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testCommands } from './exec/commands.ts';
import { exec } from './exec/target.ts';
import { testTimeLimit } from './exec/time-limit.ts';

const outputBytes = 200_000_000;
const maxGrowthBytes = 100 * 1024 ** 2;

describe.each(['busybox', 'debian'] as const)('POST /containers/:name/exec in the image %s', kind => {
  let service: Service;
  let container: string;
  beforeAll(async () => {
    service = await startService();
    container = await startContainer(images[kind]);
  });
  afterAll(() => service.stop());
  const target = () => ({ call: service.call, container });

  testCommands(target);
  testTimeLimit(target);

  it('needs no memory for an output of 200 MB', async () => {
    const pids = [service.api.process.pid, service.worker.process.pid];
    const before = pids.map(residentBytes);
    const response = await exec(target(), { command: `head -c ${outputBytes} /dev/zero | tr "\\0" x; exit 6` });
    expect(response).toMatchObject({ status: 200, body: { execution: { exit_code: 6, truncated: true } } });
    const growth = pids.map((pid, index) => residentBytes(pid) - (before[index] ?? 0));
    expect(Math.max(...growth)).toBeLessThan(maxGrowthBytes);
  });
});

/** Resident memory of a process, proc_pid_status(5). */
function residentBytes(pid: number | undefined): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}
