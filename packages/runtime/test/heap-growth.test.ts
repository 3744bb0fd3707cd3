import { describe, expect, it } from 'vitest';
import { createHeapGrowth } from '../src/heap-growth.ts';

describe('growHeapDuringTransfer', () => {
  it('lets the heap grow from the first transfer to the end of the last', () => {
    const flags: string[] = [];
    const growHeapDuringTransfer = createHeapGrowth(given => flags.push(given));
    const endFirst = growHeapDuringTransfer();
    const endSecond = growHeapDuringTransfer();
    expect(flags).toEqual(['--heap-growing-percent=200']);
    endFirst();
    endFirst();
    expect(flags).toHaveLength(1);
    endSecond();
    expect(flags).toEqual(['--heap-growing-percent=200', '--heap-growing-percent=0']);
  });
});
