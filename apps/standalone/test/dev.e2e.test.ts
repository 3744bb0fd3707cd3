import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { standaloneVariables, startChild, until } from '@podman-api/testing';
import { childrenOf } from '@podman-api/testing/processes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const dev = fileURLToPath(new URL('../src/dev.ts', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-dev-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('npm run dev', () => {
  it('restarts the service when a file changes, and ends all processes on SIGINT', async () => {
    const sources = mkdtempSync(join(folder, 'sources-'));
    const child = startChild(process.execPath, [dev, sources], standaloneVariables(join(folder, 'state')));
    const timesReady = () => child.output().split('Stop it with Ctrl-C').length - 1;
    await until(() => timesReady() === 1);

    writeFileSync(join(sources, 'changed.ts'), '');
    await until(() => timesReady() === 2);

    const [service] = childrenOf(child.process.pid);
    const parts = childrenOf(service?.pid);
    expect(parts).toHaveLength(3);
    expect(await child.end('SIGINT')).toBe(0);
    const left = [service, ...parts].filter(part => part && isAlive(part.pid));
    expect(left).toEqual([]);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
