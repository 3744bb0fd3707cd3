import type { AuditEntry, AuditLog } from '@podman-api/runtime';
import type { KoaContext } from '../context.ts';

/** Records a change, or an attempt, in the audit log with the request's token and id. */
export function recordChange({ state }: Pick<KoaContext, 'state'>, audit: AuditLog, entry: AuditEntry): void {
  audit.write({ ...entry, token: state.token?.name ?? null, request_id: state.requestId });
}
