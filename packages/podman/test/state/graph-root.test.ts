import { describe, expect, it } from 'vitest';
import { createGraphRootReader } from '../../src/state/graph-root.ts';

/** Creates a podman that writes a debug log, and knows another folder by `podman info`. */
function createFakePodman(log: string | Error) {
  const verbs: (string | undefined)[] = [];
  const readGraphRoot = createGraphRootReader(async ([verb], { onStderr } = {}) => {
    verbs.push(verb);
    if (verb === 'info') return '/by-info\n';
    if (log instanceof Error) throw log;
    for (const part of [log.slice(0, 20), log.slice(20)]) await onStderr?.(Buffer.from(part));
    return '';
  });
  return { readGraphRoot, verbs };
}

const line = (text: string) => `time="2026-11-29T11:26:58Z" level=debug msg="${text}"\n`;

describe('createGraphRootReader', () => {
  it("finds the directory in podman's debug log, once for all callers", async () => {
    const log = line('Using graph driver overlay') + line('Using graph root /var/lib/my containers/storage') + line('Using run root /run');
    const { readGraphRoot, verbs } = createFakePodman(log);
    const both = await Promise.all([readGraphRoot(), readGraphRoot()]);
    expect([...both, await readGraphRoot()]).toEqual(Array(3).fill('/var/lib/my containers/storage'));
    expect(verbs).toEqual(['secret']);
  });

  it.each([
    ['the log does not name it', line('Using run root /run')],
    ['its name is quoted', line('Using graph root /with\\"quotes')],
    ['the command fails', new Error('no secrets')],
  ])('runs podman info if %s', async (_why, log) => {
    const { readGraphRoot, verbs } = createFakePodman(log);
    expect(await readGraphRoot()).toBe('/by-info');
    expect(verbs).toEqual(['secret', 'info']);
  });

  it('runs podman again after a failure', async () => {
    let runs = 0;
    const readGraphRoot = createGraphRootReader(async () => {
      runs += 1;
      if (runs <= 2) throw new Error('podman is not there');
      return '/by-info\n';
    });
    await expect(readGraphRoot()).rejects.toThrow('podman is not there');
    expect(await readGraphRoot()).toBe('/by-info');
  });
});
