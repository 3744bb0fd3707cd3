import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { type NodeQueue, parseJobId } from '@podman-api/jobs';

/** States that jobs can have here: none is delayed, has a priority or children. */
const states = ['active', 'waiting', 'completed', 'failed'] as const;

/**
 * A queue as the board shows it. Skips requests for what these queues never have (limits, schedulers, flows, other states),
 * because a fleet has thousands of queues and the board polls all of them.
 */
export class ShownQueue extends BullMQAdapter {
  readonly #queue: NodeQueue;

  constructor(queue: NodeQueue) {
    super(queue, { readOnlyMode: true });
    this.#queue = queue;
    // Signatures and claims are internal.
    this.setFormatter('data', ({ signature, claim, ...shown }: Record<string, unknown>) => shown);
  }

  override getJobStatuses() {
    return [...states];
  }
  override getStatuses() {
    return ['latest' as const, ...states];
  }
  /** Other ids are keys that are not jobs. */
  override async getJob(id: string) {
    return parseJobId(id) && this.#queue.getJob(id);
  }
  override async getJobs(wanted: string[], start = 0, end = -1) {
    const known = states.filter(state => wanted.includes(state));
    return known.length > 0 && Number.isSafeInteger(end) ? super.getJobs(known, start, end) : [];
  }
  override getJobCounts() {
    return this.#queue.getJobCounts(...states);
  }
  override async getGlobalConcurrency() {
    return null;
  }
  override async getActiveRateLimitTtl() {
    return 0;
  }
  override async getJobSchedulers() {
    return [];
  }
  override async getJobSchedulersCount() {
    return 0;
  }
  override async getFlowProducer() {
    return null;
  }
}
