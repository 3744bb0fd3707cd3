import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from '../cluster/cluster.ts';
import type { Member, Role } from '../cluster/member.ts';
import type { Fault, PlannedFault } from './plan.ts';

/** A fault that happened; times are in ms since 1970. */
export interface FaultRecord {
  readonly text: string;
  readonly kind: Fault['kind'];
  readonly role: Role;
  readonly at: number;
  /** When the process was restarted or continued; `undefined` while the fault lasts. */
  end?: number;
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
  const underWay: Promise<void>[] = [];
  for (;;) {
    const { pause, fault } = plan.next().value;
    await delay(pause, undefined, { signal: ended }).catch(() => {});
    if (ended.aborted) break;
    const target = targetOf(cluster, fault);
    if (!target?.hittable) {
      log(`left out: ${fault.kind} ${target?.program.name}`);
      continue;
    }
    const record: FaultRecord = { text: textOf(fault, target), kind: fault.kind, role: fault.role, at: Date.now() };
    records.push(record);
    log(record.text);
    underWay.push(
      happen(cluster, fault, target, ended).then(() => {
        record.end = Date.now();
      }),
    );
  }
  await Promise.all(underWay);
  return records;
}

function targetOf({ members }: Cluster, fault: Fault): Member | undefined {
  const all = members.filter(({ program }) => program.role === fault.role);
  return all[fault.kind === 'cut' ? 0 : fault.index % all.length];
}

async function happen(cluster: Cluster, fault: Fault, target: Member, ended: AbortSignal): Promise<void> {
  if (fault.kind === 'cut') await cluster.cut(fault.type);
  else if (fault.kind === 'freeze') await target.freeze(fault.time, ended);
  else await target.restart(fault.kind === 'kill' ? 'SIGKILL' : 'SIGTERM');
}

function textOf(fault: Fault, { program }: Member): string {
  if (fault.kind === 'cut') return `cut Redis's ${fault.type} connections`;
  if (fault.kind === 'freeze') return `froze ${program.name} for ${(fault.time / 1000).toFixed(1)} s`;
  return fault.kind === 'kill' ? `killed ${program.name}` : `sent SIGTERM to ${program.name}`;
}
