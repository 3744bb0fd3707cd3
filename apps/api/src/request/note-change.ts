import type { Audit, AuditEntry } from '@podman-api/runtime';
import type { Context } from '../context.ts';

/** Notes a change, or a try at one, in the audit log: whose request it was. */
export function noteChange({ state }: Pick<Context, 'state'>, audit: Audit, entry: AuditEntry): void {
  audit.write({ ...entry, token: state.token?.name ?? null, request_id: state.requestId });
}
