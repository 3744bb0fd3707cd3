import { unknownOutcomeError } from '@podman-api/errors';
import type { RedisClient } from '@podman-api/redis';
import { createOutcome, type Outcome } from '../job.ts';
import { keys } from '../keys.ts';
import { createNotifier, type Notifier } from '../notifier.ts';
import { parseMessage } from '../record/end.ts';
import { type JobRecord, outcomeOf, readRecord } from '../record/record.ts';
import type { Seal } from '../seal.ts';

/** Number of polls in a row without a record after which a job counts as lost by Redis. */
const maxMisses = 3;

/** Waits for jobs by one pub/sub channel per API process, and reads their records once a second in case messages are lost. */
export interface Waiter {
  /** The pub/sub channel on which this process receives messages about jobs. */
  readonly outcomeChannel: string;
  /** The ids of the awaited jobs. */
  readonly waiting: ReadonlySet<string>;
  /**
   * Waits for a job to end; call it before the job is added, so that no message is missed.
   * @param signal ends the wait, which then resolves with `undefined`
   */
  wait(id: string, signal: AbortSignal): Promise<Outcome | undefined>;
  /** Marks a job as added: from now on a missing record means that Redis has lost it. */
  recordAdded(id: string): void;
  /** Reads a job's record now, because it may have ended before the wait began. */
  refresh(id: string): void;
  /** Ends the waits for a job without an outcome. */
  forget(id: string): void;
  /** Resolves at the next message about a job (new output or its outcome), at the latest after a second. */
  nextMessage(id: string): Promise<void>;
  stop(): void;
}

/** Dependencies of a waiter. */
export interface WaiterParts {
  /** A connection that fails fast. */
  readonly redis: RedisClient;
  /** A connection that only subscribes, which Redis requires. */
  readonly subscriber: RedisClient;
  readonly seal: Seal;
  readonly apiProcess: string;
  /** Called with each record read for a job that has not ended. */
  readonly onRecord: (id: string, record: JobRecord) => void;
}

/** Creates the waiter of an API process. It subscribes and polls until `stop` is called. */
export function createWaiter(parts: WaiterParts): Waiter {
  return new JobWaiter(parts);
}

/** Called with the outcome, or `undefined` when the wait ends without one. */
type WaitListener = (outcome: Outcome | undefined) => void;

class JobWaiter implements Waiter {
  readonly outcomeChannel: string;
  readonly #parts: WaiterParts;
  readonly #waits = new Map<string, Set<WaitListener>>();
  /** Polls in a row without a record, by job id. Only jobs that were added are counted, because adding may take seconds. */
  readonly #misses = new Map<string, number>();
  readonly #notifier: Notifier;

  constructor(parts: WaiterParts) {
    this.#parts = parts;
    this.outcomeChannel = keys.outcomes(parts.apiProcess);
    this.#notifier = createNotifier({
      subscriber: parts.subscriber,
      pubSubChannel: this.outcomeChannel,
      onMessage: message => this.#onMessage(message),
      onPoll: () => {
        for (const id of this.#waits.keys()) this.refresh(id);
      },
    });
  }

  get waiting(): ReadonlySet<string> {
    return new Set(this.#waits.keys());
  }

  wait(id: string, signal: AbortSignal): Promise<Outcome | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    return new Promise(resolve => {
      const listener = (outcome: Outcome | undefined) => {
        signal.removeEventListener('abort', abort);
        resolve(outcome);
      };
      const abort = () => {
        this.#remove(id, listener);
        listener(undefined);
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#waits.set(id, (this.#waits.get(id) ?? new Set()).add(listener));
    });
  }

  recordAdded(id: string): void {
    if (this.#waits.has(id)) this.#misses.set(id, 0);
  }

  refresh(id: string): void {
    readRecord(this.#parts.redis, id).then(
      record => this.#onRecord(id, record),
      () => {},
    );
  }

  forget(id: string): void {
    this.#resolveWaits(id, undefined);
  }

  nextMessage(id: string): Promise<void> {
    return this.#notifier.next(id);
  }

  stop(): void {
    this.#notifier.stop();
  }

  #onMessage(message: string): void {
    try {
      const { id, outcome } = parseMessage(message, this.#parts.seal);
      if (outcome) this.#resolveWaits(id, outcome);
      else this.#notifier.notify(id);
    } catch {
      // Not one of our messages; the poll reads the outcome.
    }
  }

  #onRecord(id: string, record: JobRecord | undefined): void {
    if (!record) {
      this.#countMiss(id);
      return;
    }
    this.recordAdded(id);
    const outcome = outcomeOf(record, this.#parts.seal, id);
    if (outcome) this.#resolveWaits(id, outcome);
    else this.#parts.onRecord(id, record);
  }

  #countMiss(id: string): void {
    const before = this.#misses.get(id);
    if (before === undefined) return;
    this.#misses.set(id, before + 1);
    if (before + 1 >= maxMisses) this.#resolveWaits(id, createOutcome('unknown', { error: lostJobError.toJSON() }));
  }

  #remove(id: string, listener: WaitListener): void {
    const listeners = this.#waits.get(id);
    listeners?.delete(listener);
    if (listeners?.size !== 0) return;
    this.#waits.delete(id);
    this.#misses.delete(id);
  }

  #resolveWaits(id: string, outcome: Outcome | undefined): void {
    for (const resolve of this.#waits.get(id) ?? []) resolve(outcome);
    this.#waits.delete(id);
    this.#misses.delete(id);
    this.#notifier.notify(id);
  }
}

const lostJobError = unknownOutcomeError('Redis has lost the job');
