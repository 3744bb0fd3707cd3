import { appendFileSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError } from './config/read.ts';
import type { Config } from './config/variables.ts';

/** One change, or a try at one. Nothing in it is secret. */
export interface AuditEntry {
  /** `container.exec`, `job.cancel`, `token.create`. */
  readonly operation: string;
  /** How the job ended, or `refused`. */
  readonly outcome: string;
  /** Whose it was; `null` where no tokens are used. */
  readonly token?: string | null;
  readonly request_id?: string;
  readonly container?: string | null;
  readonly node?: string;
  readonly job?: string;
  /** The token that was made or revoked; the operation of a job that was cancelled. */
  readonly subject?: string;
  /** From its beginning on, in ms; `null` where it had none. */
  readonly duration_ms?: number | null;
}

/** Where changes are noted, one JSON line each; lines are only ever added. */
export interface Audit {
  write(entry: AuditEntry): void;
}

/**
 * The audit log: `AUDIT_LOG`, or `audit.log` in the state folder. It is opened for each line, so that it can be
 * moved away at any time (logrotate(8)); processes may share it, for one write appends a line whole (write(2)).
 * @throws ConfigError where it can't be written; what can't be written later throws an Error
 */
export function openAudit({ AUDIT_LOG, STATE_DIR }: Config<'AUDIT_LOG' | 'STATE_DIR'>): Audit {
  const path = AUDIT_LOG ?? join(STATE_DIR, 'audit.log');
  try {
    mkdirSync(dirname(path), { recursive: true });
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    throw new ConfigError(`AUDIT_LOG="${path}" can not be written (${error instanceof Error ? error.message : ''}).`);
  }
  return {
    write(entry) {
      appendFileSync(path, `${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`, { mode: 0o600 });
    },
  };
}
