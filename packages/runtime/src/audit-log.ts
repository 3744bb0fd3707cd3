import { appendFileSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError } from './config/read.ts';
import type { Config } from './config/variables.ts';

/** A change, or an attempt to make one. Entries hold no secrets. */
export interface AuditEntry {
  /** `container.exec`, `job.cancel`, `token.create`. */
  readonly operation: string;
  /** Status of the job, `refused`, `requested` (a cancel), or `opened` or `attached` (a terminal). */
  readonly outcome: string;
  /** Name of the caller's token; `null` if no tokens are used. */
  readonly token?: string | null;
  readonly request_id?: string;
  readonly container?: string | null;
  readonly node?: string;
  readonly job?: string;
  /** Token that was created or revoked, or operation of a job that was cancelled. */
  readonly subject?: string;
  /** Run time in ms; `null` if the job never started. */
  readonly duration_ms?: number | null;
}

/** Append-only log of changes, as JSON lines. */
export interface AuditLog {
  write(entry: AuditEntry): void;
}

/**
 * Opens the audit log: `AUDIT_LOG`, or `audit.log` in the state folder. The file is opened for each line, so it can be moved
 * at any time (logrotate(8)). Processes may share it, because one write appends a whole line (write(2)).
 * @throws ConfigError if the file cannot be written now; `write` throws an Error if it cannot be written later
 */
export function openAuditLog({ AUDIT_LOG, STATE_DIR }: Config<'AUDIT_LOG' | 'STATE_DIR'>): AuditLog {
  const path = AUDIT_LOG ?? join(STATE_DIR, 'audit.log');
  try {
    mkdirSync(dirname(path), { recursive: true });
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    throw new ConfigError(
      `AUDIT_LOG="${path}" cannot be written (${error instanceof Error ? error.message : String(error)}): let this user write it, or set AUDIT_LOG to another file.`,
    );
  }
  return {
    write(entry) {
      appendFileSync(path, `${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`, { mode: 0o600 });
    },
  };
}
