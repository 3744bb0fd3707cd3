import { clockTime } from '../clock.ts';
import type { FaultRecord } from '../faults/run.ts';
import type { KnownJob } from '../journal.ts';
import type { Mark } from '../load/work.ts';

/** Longest time that podman may take before and after a command, in ms, on two cores with many commands. */
const marginMs = 3000;

/** A job whose outcome is unknown, with the possible reasons. */
export interface UnknownJob {
  readonly job: KnownJob;
  /** Faults of workers and of Redis while it ran. */
  readonly reasons: readonly FaultRecord[];
  readonly text: string;
}

/** Finds the faults of workers and Redis during a job with an unknown outcome. */
export function explainUnknown(job: KnownJob, marks: readonly Mark[], faults: readonly FaultRecord[]): UnknownJob {
  const { fromMs, toMs } = runningTime(job, marks);
  const reasons = faults.filter(
    ({ role, startedAtMs, endedAtMs = Number.POSITIVE_INFINITY }) =>
      role !== 'api' && startedAtMs <= toMs + marginMs && endedAtMs >= fromMs - marginMs,
  );
  return { job, reasons, text: `the outcome of job ${job.id} is unknown; it ran between ${clockTime(fromMs)} and ${clockTime(toMs)}` };
}

/** When a job ran at the earliest and at the latest, by its marks or else by its planned duration. */
function runningTime({ intent, view }: KnownJob, marks: readonly Mark[]): { fromMs: number; toMs: number } {
  const earliestMs = view?.startedAtMs ?? view?.createdAtMs ?? intent.startedAtMs;
  if (intent.work.kind !== 'exec' && intent.work.kind !== 'run') return { fromMs: earliestMs, toMs: earliestMs };
  const begin = marks.find(({ what }) => what === 'begin')?.atMs;
  const end = marks.find(({ what }) => what === 'end')?.atMs;
  const seconds = Math.min(intent.work.durationSeconds, intent.work.timeoutSeconds ?? Number.POSITIVE_INFINITY);
  return { fromMs: begin ?? earliestMs, toMs: end ?? (begin ?? earliestMs) + seconds * 1000 };
}
