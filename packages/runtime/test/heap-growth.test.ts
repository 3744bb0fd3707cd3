import { setFlagsFromString } from 'node:v8';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { growHeapDuringTransfer } from '../src/heap-growth.ts';

vi.mock('node:v8', () => ({ setFlagsFromString: vi.fn() }));

describe('growHeapDuringTransfer', () => {
  const flags = () => vi.mocked(setFlagsFromString).mock.calls.flat();
  beforeEach(() => {
    vi.mocked(setFlagsFromString).mockClear();
  });

  it('lets the heap grow from the first transfer to the end of the last', () => {
    const endFirst = growHeapDuringTransfer();
    const endSecond = growHeapDuringTransfer();
    expect(flags()).toEqual(['--heap-growing-percent=200']);
    endFirst();
    endFirst();
    expect(flags()).toHaveLength(1);
    endSecond();
    expect(flags()).toEqual(['--heap-growing-percent=200', '--heap-growing-percent=0']);
  });
});
