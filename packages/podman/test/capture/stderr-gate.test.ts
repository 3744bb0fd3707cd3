import { describe, expect, it } from 'vitest';
import { StderrGate } from '../../src/capture/stderr-gate.ts';

function createGate() {
  const taken: string[] = [];
  const gate = new StderrGate((stream, bytes) => {
    taken.push(`${stream} ${Buffer.from(bytes)}`);
    return undefined;
  });
  const write = (stream: 'stdout' | 'stderr', text: string) => gate.write(stream, Buffer.from(text));
  return { gate, taken, write };
}

describe('StderrGate', () => {
  it("holds back a stderr that begins like an error of podman's", async () => {
    const { gate, taken, write } = createGate();
    await write('stderr', 'Error: podm');
    await write('stderr', 'an\n');
    expect(taken).toEqual([]);
    expect(Buffer.from(gate.discard()).toString()).toBe('Error: podman\n');
  });

  it('passes on any other stderr at once', async () => {
    const { taken, write } = createGate();
    await write('stderr', 'mine\n');
    expect(taken).toEqual(['stderr mine\n']);
  });

  it('passes on what it held before the stdout that follows', async () => {
    const { taken, write } = createGate();
    await write('stderr', 'Error: mine\n');
    await write('stdout', 'more\n');
    await write('stderr', 'Error: again\n');
    expect(taken).toEqual(['stderr Error: mine\n', 'stdout more\n', 'stderr Error: again\n']);
  });

  it('passes on a stderr that is too long for an error, although it begins like one', async () => {
    let passedBytes = 0;
    const gate = new StderrGate((_stream, bytes) => {
      passedBytes += bytes.length;
      return undefined;
    });
    const chunk = Buffer.from('time="'.padEnd(64 * 1024));
    for (let count = 1; count <= 200; count += 1) await gate.write('stderr', chunk);
    expect(passedBytes).toBe(200 * chunk.length);
  });

  it('passes on what it held after five seconds, even if nothing follows', async () => {
    const { taken, write } = createGate();
    await write('stderr', 'Error: mine\n');
    await expect.poll(() => taken, { timeout: 30_000 }).toEqual(['stderr Error: mine\n']);
  });
});
