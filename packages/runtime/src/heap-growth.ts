import { setFlagsFromString } from 'node:v8';

/**
 * Growth of the heap during transfers before the next full garbage collection, in percent of the heap that survived the last one. By
 * default, V8 lets the heap of a mostly idle process grow by only 9 MB, and buffers count: a transfer then caused a full collection
 * every 9 to 21 MiB. With 200 %, it is every 25 to 43 MiB, because collections of the young generation free most buffers before
 * (docs/performance.md).
 */
const transferGrowthPercent = 200;
/** The value with which V8 chooses the growth. */
const automaticGrowthPercent = 0;

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
      if (transferCount === 0) setGrowth(automaticGrowthPercent);
    };
  };
}

/**
 * Makes full garbage collections rare in this process during a transfer. They are not rare at other times, because the API then took
 * 43 MiB more under a load of hostile containers.
 * @returns a function that ends the transfer; it may be called again
 */
export const growHeapDuringTransfer = createHeapGrowth(setFlagsFromString);
