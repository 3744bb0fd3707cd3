import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import type { TaskContext } from '../../operation.ts';
import { hasLabels } from '../../schemas/label-filter.ts';
import { shortId } from '../../short-id.ts';
import { failedFor } from '../failed-for.ts';
import { parseLogTime } from '../logs/log-time.ts';
import { listedLabels, type PsEntry, readContainers, withClaims } from '../lookup/ps.ts';
import { readMembership } from '../pool-membership.ts';
import { jobLabel, ttlLabel } from '../service-labels.ts';
import { hasEnded, isNeverSetUp } from '../status.ts';

/** Input of `POST /containers/prune`. */
export interface PruneContainersInput {
  /** `name=value` or a name; a container must have all of them. */
  readonly label?: readonly string[];
  /** A time or an age, see `parseLogTime`. */
  readonly until?: string;
}

/** A container that was to be removed, as in the response. */
export interface PrunedContainer {
  readonly id: string;
  readonly name: string;
  readonly node: string;
  readonly removed: boolean;
  /** Why it was not removed; `null` if it was. */
  readonly error: string | null;
}

/** A younger container that was never started may be one that a job is about to start. */
const maxCreateSeconds = 600;

/**
 * Removes containers that have stopped, one after the other. Does not force podman, which refuses one that was started meanwhile.
 * @throws the reason of the signal; containers that were removed before stay removed
 */
export async function pruneContainers(
  podman: Podman,
  input: PruneContainersInput,
  context: TaskContext,
): Promise<readonly PrunedContainer[]> {
  const entries = withClaims(await readContainers(podman, true), context.pools).filter(entry => isWanted(entry, input));
  const pruned: PrunedContainer[] = [];
  for (const entry of entries) {
    const one = await removeStopped(podman, entry, context);
    if (one) pruned.push(one);
  }
  return pruned;
}

function isWanted(entry: PsEntry, { label, until }: PruneContainersInput): boolean {
  const { State, Created } = entry;
  const nowMs = Date.now();
  const hasStopped = hasEnded(State) || (isNeverSetUp(State) && nowMs / 1000 - Created > maxCreateSeconds);
  const before = until === undefined ? undefined : parseLogTime(until, nowMs);
  return (
    hasStopped &&
    !belongsToRun(entry) &&
    readMembership(entry.ServiceLabels) === undefined &&
    hasLabels(listedLabels(entry), label) &&
    (before === undefined || BigInt(Created) * 1_000_000_000n < before)
  );
}

/** Whether a container belongs to a run, whose job reads files of it after its end and then removes it; a kept one has no lease. */
function belongsToRun({ Names, ServiceLabels }: PsEntry): boolean {
  const job = ServiceLabels[jobLabel] ?? '';
  return job !== '' && (ServiceLabels[ttlLabel] ?? '') !== '' && Names.includes(`run-${job.slice(-16)}`);
}

/** @returns `undefined` if it was started or removed meanwhile */
async function removeStopped(podman: Podman, { Id, Names }: PsEntry, { node, signal }: TaskContext): Promise<PrunedContainer | undefined> {
  const container = { id: shortId(Id), name: Names[0] ?? '', node };
  try {
    await podman.run(['rm', '--volumes', '--', Id], { signal });
    return { ...container, removed: true, error: null };
  } catch (error) {
    signal.throwIfAborted();
    if (failedFor('running', error) || failedFor('no-container', error)) return undefined;
    if (!(error instanceof ApiError)) throw error;
    return { ...container, removed: false, error: error.message };
  }
}
