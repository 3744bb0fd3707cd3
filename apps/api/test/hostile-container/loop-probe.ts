import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Loaded into the API and the worker with `--import`: keeps, in a file named after the process, the longest time for which the
 * event loop was blocked by work of its own. Time without a CPU does not count, so the figure holds on a busy machine too: of
 * each delay between two timers, at most the CPU time of this thread counts.
 */
const intervalMs = 20;
const folder = process.env['LOOP_PROBE_FOLDER'];
/** Loading the modules blocks, and hostile input comes later. */
const startUpMs = 10_000;

if (folder !== undefined) {
  let before = { at: performance.now(), cpu: process.threadCpuUsage() };
  let longestMs = 0;
  setInterval(() => {
    const now = { at: performance.now(), cpu: process.threadCpuUsage() };
    const cpuMs = (now.cpu.user + now.cpu.system - before.cpu.user - before.cpu.system) / 1000;
    const blockedMs = Math.min(now.at - before.at - intervalMs, cpuMs);
    before = now;
    if (now.at < startUpMs || blockedMs <= longestMs) return;
    longestMs = blockedMs;
    writeFileSync(join(folder, String(process.pid)), String(longestMs));
  }, intervalMs).unref();
}
