import type { Audit, AuditEntry, Log } from '@podman-api/runtime';
import type { OnEnd } from './job.ts';

/**
 * Notes each job that this process has ended: in its log, and in the audit log where it was to change something.
 * What a job was given and gave is nobody's business in either.
 */
export function noteEnds(log: Log, audit: Audit): OnEnd {
  return (job, { operation, container, node, request_id, token, changes }, { status }, duration_ms) => {
    log.info({ job, operation, container, request_id, token, status, duration_ms }, `${operation} ${status}`);
    if (changes) note(log, audit, { operation, outcome: status, token, request_id, container, node, job, duration_ms });
  };
}

/** Notes a job that is in a queue of this node and was not signed for it: what it says of itself is worth nothing. */
export function noteForged(log: Log, audit: Audit): (job: string) => void {
  return job => {
    log.error({ job }, 'a job is not signed with SECRET_KEY for this queue');
    note(log, audit, { operation: 'job.forged', outcome: 'refused', job });
  };
}

function note(log: Log, audit: Audit, entry: AuditEntry): void {
  try {
    audit.write(entry);
  } catch (error) {
    log.error({ err: error, job: entry.job }, 'the audit log can not be written');
  }
}
