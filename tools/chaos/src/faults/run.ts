import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from '../cluster/cluster.ts';
import type { Member, Role } from '../cluster/member.ts';
import type { Fault, PlannedFault } from './plan.ts';

/** A fault that happened; times are in ms since 1970. */
export interface FaultRecord {
  readonly text: string;
  readonly kind: Fault['kind'];
  readonly role: Role;
  readonly startedAtMs: number;
  /** When the process was restarted or continued; `undefined` while the fault lasts. */
  endedAtMs?: number;
}

/**
 * Injects planned faults into a cluster until `ended` is aborted, and resolves when all are over. A fault is skipped if
 * its process is down or has another fault.
 */
export async function runFaults(
  cluster: Cluster,
  plan: Iterator<PlannedFault, never>,
  ended: AbortSignal,
  log: (text: string) => void,
): Promise<FaultRecord[]> {
  const records: FaultRecord[] = [];
  const pending: Promise<void>[] = [];
  for (;;) {
    const { delayMs, fault } = plan.next().value;
    await delay(delayMs, undefined, { signal: ended }).catch(() => {});
    if (ended.aborted) break;
    const target = targetOf(cluster, fault);
    if (!target?.isRunning) {
      log(`skipped: ${fault.kind} ${target?.program.name}`);
      continue;
    }
    const record: FaultRecord = { text: describeFault(fault, target), kind: fault.kind, role: fault.role, startedAtMs: Date.now() };
    records.push(record);
    log(record.text);
    pending.push(
      injectFault(cluster, fault, target, ended).then(() => {
        record.endedAtMs = Date.now();
      }),
    );
  }
  await Promise.all(pending);
  return records;
}

function targetOf({ members }: Cluster, fault: Fault): Member | undefined {
  const all = members.filter(({ program }) => program.role === fault.role);
  return all[fault.kind === 'cut' ? 0 : fault.index % all.length];
}

async function injectFault(cluster: Cluster, fault: Fault, target: Member, ended: AbortSignal): Promise<void> {
  if (fault.kind === 'cut') await cluster.cut(fault.type);
  else if (fault.kind === 'freeze') await target.freeze(fault.durationMs, ended);
  else await target.restart(fault.kind === 'kill' ? 'SIGKILL' : 'SIGTERM');
}

function describeFault(fault: Fault, { program }: Member): string {
  if (fault.kind === 'cut') return `cut Redis's ${fault.type} connections`;
  if (fault.kind === 'freeze') return `froze ${program.name} for ${(fault.durationMs / 1000).toFixed(1)} s`;
  return fault.kind === 'kill' ? `killed ${program.name}` : `sent SIGTERM to ${program.name}`;
}
