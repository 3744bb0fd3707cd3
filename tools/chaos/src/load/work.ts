import { bootedAt } from '../clock.ts';
import type { Request } from '../http/send.ts';

/** What a caller wants done. */
export type Work = Exec | Create | Remove;

export interface Exec {
  readonly kind: 'exec';
  /** The container in which it leaves its marks. */
  readonly container: string;
  /** `deaf` ignores SIGTERM, `daemon` leaves a process in a session of its own behind if it is not ended. */
  readonly behavior: 'plain' | 'deaf' | 'daemon';
  /** How long it takes, in seconds. */
  readonly takes: number;
  /** After how many seconds it is to be ended. */
  readonly timeout?: number;
}

export interface Create {
  readonly kind: 'create';
  readonly container: string;
}

export interface Remove {
  readonly kind: 'remove';
  readonly container: string;
}

/** Where an exec leaves its marks, in its container. */
export const ledgerPath = '/ledger';

/**
 * The command of an exec: it appends its id to the ledger when it begins and when it ends, with the host's uptime,
 * and prints the id last. What it appends is one write each, so that lines of others do not get between.
 */
function commandOf(id: string, { behavior, takes }: Exec): string {
  const lines = [
    `mark() { read -r uptime rest </proc/uptime; echo "${id} $1 $uptime" >>${ledgerPath}; }`,
    'mark begin',
    ...(behavior === 'deaf' ? ["trap '' TERM"] : []),
    ...(behavior === 'daemon' ? [`setsid sleep ${takes} >/dev/null 2>&1 &`] : []),
    ...(takes > 0 ? [`sleep ${takes}`] : []),
    'mark end',
    `echo ${id}`,
  ];
  return lines.join('\n');
}

/** When an exec began or ended. */
export interface Mark {
  readonly id: string;
  readonly what: 'begin' | 'end';
  /** In ms since 1970. */
  readonly at: number;
}

/** Reads a ledger. */
export function marksIn(ledger: string): Mark[] {
  return [...ledger.matchAll(/^(\S+) (begin|end) ([\d.]+)$/gm)].map(([, id = '', what, uptime]) => ({
    id,
    what: what === 'begin' ? 'begin' : 'end',
    at: bootedAt + Number(uptime) * 1000,
  }));
}

/** The request that asks for it. */
export function requestFor(id: string, work: Work, image: string): Request {
  const { kind, container } = work;
  if (kind === 'remove') return { method: 'DELETE', path: `/containers/${container}?force=true` };
  if (kind === 'create') {
    const body = { image, name: container, command: ['sleep', '100000'], pull_policy: 'never', network: 'none' };
    return { method: 'POST', path: '/containers', body };
  }
  const body = { command: commandOf(id, work), ...(work.timeout !== undefined && { timeout: work.timeout }) };
  return { method: 'POST', path: `/containers/${container}/exec`, body };
}
