import { clockTime } from '../clock.ts';
import type { FaultRecord } from '../faults/run.ts';
import type { KnownJob } from '../journal.ts';
import type { Mark } from '../load/work.ts';

/** Longest time that podman may take before and after a command, in ms, on two cores with many commands. */
const around = 3000;

/** A job whose outcome is unknown, with the possible reasons. */
export interface UnknownJob {
  readonly job: KnownJob;
  /** Faults of workers and of Redis while it ran. */
  readonly reasons: readonly FaultRecord[];
  readonly text: string;
}

/** Finds the faults of workers and Redis during a job with an unknown outcome. */
export function explain(job: KnownJob, marks: readonly Mark[], faults: readonly FaultRecord[]): UnknownJob {
  const { from, to } = runningTime(job, marks);
  const reasons = faults.filter(
    ({ role, at, end = Number.POSITIVE_INFINITY }) => role !== 'api' && at <= to + around && end >= from - around,
  );
  return { job, reasons, text: `job ${job.id} is unknown, and ran from ${clockTime(from)} to ${clockTime(to)} at most` };
}

/** When a job ran at the earliest and at the latest, by its marks or else by its planned duration. */
function runningTime({ intent, view }: KnownJob, marks: readonly Mark[]): { from: number; to: number } {
  const taken = view?.startedAt ?? view?.createdAt ?? intent.startedAt;
  if (intent.work.kind !== 'exec' && intent.work.kind !== 'run') return { from: taken, to: taken };
  const begin = marks.find(({ what }) => what === 'begin')?.at;
  const end = marks.find(({ what }) => what === 'end')?.at;
  const seconds = Math.min(intent.work.takes, intent.work.timeout ?? Number.POSITIVE_INFINITY);
  return { from: begin ?? taken, to: end ?? (begin ?? taken) + seconds * 1000 };
}
