import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { type NodeQueue, placeOf } from '@podman-api/queue';

/** The states that jobs of ours can be in: none is delayed, has a priority or children. */
const states = ['active', 'waiting', 'completed', 'failed'] as const;

/**
 * A queue as the board shows it. A fleet has thousands, and each is asked in every round: what ours never have (limits,
 * schedulers, flows, other states) is not looked for.
 */
export class ShownQueue extends BullMQAdapter {
  readonly #queue: NodeQueue;

  constructor(queue: NodeQueue) {
    super(queue, { readOnlyMode: true });
    this.#queue = queue;
    // What a job is signed and claimed with is of no use to who looks.
    this.setFormatter('data', ({ signature, claim, ...shown }: Record<string, unknown>) => shown);
  }

  override getJobStatuses() {
    return [...states];
  }
  override getStatuses() {
    return ['latest' as const, ...states];
  }
  /** Under other names stand keys that are no jobs. */
  override async getJob(id: string) {
    return placeOf(id) && this.#queue.getJob(id);
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
