import { findOperation } from '@podman-api/operations';
import type { Audit, Log } from '@podman-api/runtime';
import type { OnEnd } from './job.ts';

/**
 * Notes each job that this process has ended: in its log, and in the audit log where it was to change something.
 * What a job was given and gave is nobody's business in either.
 */
export function noteEnds(log: Log, audit: Audit): OnEnd {
  return (job, { operation, container, node, request_id, token }, { status }, duration_ms) => {
    log.info({ job, operation, container, request_id, token, status, duration_ms }, `${operation} ${status}`);
    if (findOperation(operation)?.method === 'GET') return;
    try {
      audit.write({ operation, outcome: status, token, request_id, container, node, job, duration_ms });
    } catch (error) {
      log.error({ err: error, job }, 'the audit log can not be written');
    }
  };
}
