import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Loaded into the API and the worker with `--import` and `--expose-gc`: at each SIGUSR2, collects all garbage and writes how many bytes are
 * left to a file named after the process.
 */
const folder = process.env['HEAP_PROBE_FOLDER'];

if (folder !== undefined) {
  let count = 0;
  process.on('SIGUSR2', async () => {
    // Memory that is released by finalizers is freed only by the next collection.
    for (let round = 0; round < 3; round += 1) await globalThis.gc?.({ execution: 'async' });
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    count += 1;
    writeFileSync(join(folder, String(process.pid)), `${count} ${heapUsed + arrayBuffers}`);
  });
}
