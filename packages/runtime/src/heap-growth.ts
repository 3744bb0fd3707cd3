import { setFlagsFromString } from 'node:v8';

/**
 * Heap growth during transfers before the next full garbage collection, in percent of the heap that survived the last one. In a mostly
 * idle process V8 lets the heap grow by only 9 MB; buffers count, so a transfer caused a full collection every 9 to 21 MiB. With 200 %
 * it is every 25 to 43 MiB, because young collections free most buffers first (docs/performance.md).
 */
const transferGrowthPercent = 200;
/** Lets V8 choose the growth. */
const ownGrowthPercent = 0;

/**
 * Creates the function `growHeapDuringTransfer` of a process.
 * @param setFlags sets flags of V8 at run time, because NODE_OPTIONS does not permit `--heap-growing-percent`. V8 reads that flag at the
 * end of each full collection.
 */
export function createHeapGrowth(setFlags: (flags: string) => void): () => () => void {
  const setGrowth = (percent: number) => setFlags(`--heap-growing-percent=${percent}`);
  let transferCount = 0;
  return () => {
    transferCount += 1;
    if (transferCount === 1) setGrowth(transferGrowthPercent);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      transferCount -= 1;
      if (transferCount === 0) setGrowth(ownGrowthPercent);
    };
  };
}

/**
 * Makes full garbage collections rare in this process during a transfer. Not at other times: with hostile containers the API took 43 MiB
 * more then.
 * @returns a function that ends the transfer; it may be called again
 */
export const growHeapDuringTransfer = createHeapGrowth(setFlagsFromString);
