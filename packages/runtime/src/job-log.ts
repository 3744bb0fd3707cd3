import type { Audit, AuditEntry } from './audit.ts';
import type { Log } from './log.ts';

/** An ended job, as far as logs show it: neither its input nor its result. */
export interface LoggedJob {
  readonly id: string;
  readonly job: {
    readonly operation: string;
    readonly container: string | null;
    readonly node: string;
    readonly request_id: string;
    readonly token: string | null;
    readonly changes: boolean;
  };
  readonly outcome: { readonly status: string };
  /** How long it ran; `null` if it never began. */
  readonly durationMs: number | null;
}

/** Creates a hook that writes each ended job to the log, and to the audit log if it was to change something. */
export function logEndedJobs(log: Log, audit: Audit): (ended: LoggedJob) => void {
  return ({ id, job: { operation, container, node, request_id, token, changes }, outcome: { status }, durationMs }) => {
    const duration_ms = durationMs === null ? null : Math.round(durationMs);
    log.info({ job: id, operation, container, request_id, token, status, duration_ms }, `${operation} ${status}`);
    if (changes) writeAudit(log, audit, { operation, outcome: status, token, request_id, container, node, job: id, duration_ms });
  };
}

/** Creates a hook that logs each job in a queue of this node that is not signed for it; what it says of itself is not trusted. */
export function logForgedJobs(log: Log, audit: Audit): (id: string) => void {
  return id => {
    log.error({ job: id }, 'a job is not signed with SECRET_KEY for this queue');
    writeAudit(log, audit, { operation: 'job.forged', outcome: 'refused', job: id });
  };
}

function writeAudit(log: Log, audit: Audit, entry: AuditEntry): void {
  try {
    audit.write(entry);
  } catch (error) {
    log.error({ err: error, job: entry.job }, 'the audit log can not be written');
  }
}
