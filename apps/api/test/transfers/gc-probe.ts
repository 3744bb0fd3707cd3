import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, PerformanceObserver } from 'node:perf_hooks';
import process from 'node:process';

// Loaded by NODE_OPTIONS. Appends a byte to a file that is named after this process for each full garbage collection.
const folder = process.env['GC_PROBE_FOLDER'];
if (folder !== undefined) {
  const isMajor = (entry: object) =>
    'detail' in entry &&
    typeof entry.detail === 'object' &&
    entry.detail !== null &&
    'kind' in entry.detail &&
    entry.detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
  new PerformanceObserver(list => {
    const count = list.getEntries().filter(isMajor).length;
    appendFileSync(join(folder, String(process.pid)), '.'.repeat(count));
  }).observe({ entryTypes: ['gc'] });
}
