import type { AuditEntry, AuditLog } from './audit-log.ts';
import type { Log } from './log.ts';

/** Fields of a finished job that are logged. Its input and result are not. */
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
  /** Run time; `null` if the job never started. */
  readonly durationMs: number | null;
}

/** Creates a hook that writes finished jobs to the log, and to the audit log if their operation changes something. */
export function createJobLogger(log: Log, audit: AuditLog): (finished: LoggedJob) => void {
  return ({ id, job: { operation, container, node, request_id, token, changes }, outcome: { status }, durationMs }) => {
    const duration_ms = durationMs === null ? null : Math.round(durationMs);
    log.info({ job: id, operation, container, request_id, token, status, duration_ms }, `${operation} ${status}`);
    if (changes) writeAudit(log, audit, { operation, outcome: status, token, request_id, container, node, job: id, duration_ms });
  };
}

/** Creates a hook that logs jobs without a valid signature. Only the id is logged, because their other fields are not trusted. */
export function createForgedJobLogger(log: Log, audit: AuditLog): (id: string) => void {
  return id => {
    log.error(
      { job: id },
      'rejected a job without a valid signature for this queue: SECRET_KEY must be the same for the API and the worker',
    );
    writeAudit(log, audit, { operation: 'job.forged', outcome: 'refused', job: id });
  };
}

function writeAudit(log: Log, audit: AuditLog, entry: AuditEntry): void {
  try {
    audit.write(entry);
  } catch (error) {
    log.error({ err: error, job: entry.job }, 'the audit log cannot be written');
  }
}
