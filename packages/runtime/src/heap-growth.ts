import { setFlagsFromString } from 'node:v8';

/**
 * Growth of the heap between two full garbage collections, in percent of what the last one left. V8's own growth is as small as 9 MB in a
 * process that mostly waits. Buffers count towards it, so a transfer caused a full collection for every 9 to 21 MiB. With 200 %, young
 * collections free most buffers before: it is 25 to 43 MiB (docs/performance.md).
 */
const growthPercent = 200;

/** Makes full garbage collections rare in this process, as suits one that passes large buffers on. */
export function letHeapGrow(): void {
  // V8 reads it at the end of each full collection. NODE_OPTIONS does not permit it.
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`);
}
