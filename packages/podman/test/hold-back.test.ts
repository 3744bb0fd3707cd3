import { describe, expect, it } from 'vitest';
import { HoldBack } from '../src/hold-back.ts';

function createHoldBack(doubtful = false) {
  const taken: string[] = [];
  const holdBack = new HoldBack((stream, bytes) => {
    taken.push(`${stream} ${Buffer.from(bytes)}`);
    return undefined;
  }, doubtful);
  const write = (stream: 'stdout' | 'stderr', text: string) => holdBack.take(stream, Buffer.from(text));
  return { holdBack, taken, write };
}

describe('HoldBack', () => {
  it("holds back a stderr that begins like an error of podman's", async () => {
    const { holdBack, taken, write } = createHoldBack();
    await write('stderr', 'Error: podm');
    await write('stderr', 'an\n');
    expect(taken).toEqual([]);
    expect(Buffer.from(holdBack.keep()).toString()).toBe('Error: podman\n');
  });

  it('hands on any other stderr at once', async () => {
    const { taken, write } = createHoldBack(true);
    await write('stderr', 'mine\n');
    expect(taken).toEqual(['stderr mine\n']);
  });

  it.each([false, true])('hands on what it held before the stdout that follows (doubtful: %s)', async doubtful => {
    const { taken, write } = createHoldBack(doubtful);
    await write('stderr', 'Error: mine\n');
    await write('stdout', 'more\n');
    await write('stderr', 'Error: again\n');
    expect(taken).toEqual(['stderr Error: mine\n', 'stdout more\n', 'stderr Error: again\n']);
  });

  it('hands on what it held after a second, though nothing follows', async () => {
    const { taken, write } = createHoldBack();
    await write('stderr', 'Error: mine\n');
    await expect.poll(() => taken, { timeout: 30_000 }).toEqual(['stderr Error: mine\n']);
  });
});
