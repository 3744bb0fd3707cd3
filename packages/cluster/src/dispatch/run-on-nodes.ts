import { ApiError, toApiError } from '@podman-api/errors';
import type { Outcome } from '@podman-api/jobs';
import { runPeriodically } from '@podman-api/runtime';
import type { DispatchContext, JobRequest, NodesWait } from './call.ts';

/** The answer of one node; without an outcome it did not answer in time. */
export interface NodeAnswer {
  readonly node: string;
  /** Its job; `undefined` if none could be added. */
  readonly job?: string;
  readonly outcome?: Outcome;
  /** Why no job could be added. */
  readonly error?: ApiError;
}

/**
 * Default of `DispatchParts.stragglerTimeoutMs`. A busy node takes many seconds for a list. The wait for a node that is down ends
 * sooner, because its heartbeats stop.
 */
const defaultStragglerTimeoutMs = 30_000;

/** A worker that is not busy takes a read within this time. A job that waits for longer is withdrawn if its node is silent. */
const pickupTimeoutMs = 750;
const checkIntervalMs = 100;

/** A job that is waited for. */
interface PendingJob {
  readonly node: string;
  /** Its abort ends the wait. */
  readonly controller: AbortController;
  /** When its job was added, by `performance.now()`. */
  readonly addedAtMs: number;
}

/**
 * Runs the same job on several nodes at once; takes as long as the slowest that answers.
 *
 * A node whose worker sends heartbeats is waited for. A job that no worker takes is withdrawn once its node sends no heartbeats.
 * @param wait limits of the wait; a node that has not answered in time has no outcome
 * @throws ApiError if no job could be added at all
 */
export async function runOnNodes(
  context: DispatchContext,
  call: JobRequest,
  nodes: readonly string[],
  { signal, limitsStragglers = false }: NodesWait,
): Promise<readonly NodeAnswer[]> {
  const { stragglerTimeoutMs = defaultStragglerTimeoutMs } = context;
  const waiting = new Map<string, PendingJob>();
  let stragglerTimer: NodeJS.Timeout | undefined;
  const run = async (node: string, controller: AbortController): Promise<NodeAnswer | ApiError> => {
    try {
      const { id, outcome: pending } = await context.submitToNode(callForNode(call, node), node, controller.signal);
      waiting.set(id, { node, controller, addedAtMs: performance.now() });
      const outcome = await pending.finally(() => waiting.delete(id));
      if (limitsStragglers && outcome?.status === 'succeeded')
        stragglerTimer ??= setTimeout(abortAll, stragglerTimeoutMs, 'the time for slower nodes has passed');
      return !outcome || outcome.status === 'withdrawn' ? { node, job: id } : { node, job: id, outcome };
    } catch (error) {
      return toApiError(error);
    }
  };
  const checks = runPeriodically(checkIntervalMs, async () => {
    const now = performance.now();
    const silent = [...waiting].filter(([, { node, addedAtMs }]) => now - addedAtMs > pickupTimeoutMs && !context.fleet.isResponsive(node));
    await Promise.all(silent.map(([id, { controller }]) => giveUpIfQueued(context, id, controller)));
  });
  // Not `AbortSignal.any`: a thousand of them keep the garbage collector busy (measured).
  const targets = nodes.map(node => ({ node, controller: new AbortController() }));
  const abortAll = (reason: unknown) => {
    for (const { controller } of targets) controller.abort(reason);
  };
  const onAbort = () => abortAll(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const results = await Promise.all(targets.map(({ node, controller }) => run(node, controller)));
    const answers = results.map((result, index) => (result instanceof ApiError ? { node: nodes[index] ?? '', error: result } : result));
    const [firstError] = results.filter(result => result instanceof ApiError);
    if (firstError && answers.every(({ job }) => job === undefined)) throw firstError;
    return answers;
  } finally {
    checks.stop();
    clearTimeout(stragglerTimer);
    signal.removeEventListener('abort', onAbort);
  }
}

/** Returns the call with a separate idempotency key for a node, because a key identifies one job. */
export function callForNode<OneCall extends JobRequest>(call: OneCall, node: string): OneCall {
  const { idempotency } = call;
  return idempotency ? { ...call, idempotency: { ...idempotency, key: `${idempotency.key} ${node}` } } : call;
}

async function giveUpIfQueued({ jobs }: DispatchContext, id: string, controller: AbortController): Promise<void> {
  if (await jobs.isQueued(id).catch(() => false)) controller.abort('no worker has taken the job');
}
