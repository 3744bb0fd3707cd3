import type { Command, Redis } from 'ioredis';

/** A command that was sent. */
export type SentCommand = Pick<Command, 'promise' | 'reject'>;

/** Number of checks within the timeout. */
const checksPerTimeout = 10;

/**
 * Fails the commands of a connection to which Redis does not answer. Redis answers in the order of the commands, so each answer
 * restarts the timeout of all waiting commands. Time in which this process had no CPU counts as one check at most: answers that
 * have arrived meanwhile are read before the next check.
 */
export class AnswerTimeout {
  readonly #checkIntervalMs: number;
  readonly #onTimeout: () => void;
  /** The number of checks before each command was sent; the oldest first. */
  readonly #waiting = new Map<SentCommand, number>();
  #checks = 0;
  /** The number of checks before the last answer. */
  #checkAtLastAnswer = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param onTimeout called after commands have failed */
  constructor(timeoutMs: number, onTimeout: () => void) {
    this.#checkIntervalMs = timeoutMs / checksPerTimeout;
    this.#onTimeout = onTimeout;
  }

  /** Watches a command until it is answered. Idempotent, because ioredis sends a command again after a reconnection. */
  watch(command: SentCommand): void {
    if (this.#waiting.has(command)) return;
    this.#waiting.set(command, this.#checks);
    command.promise.then(
      () => {
        this.#checkAtLastAnswer = this.#checks;
        this.#remove(command);
      },
      () => this.#remove(command),
    );
    this.#timer ??= setInterval(() => this.#check(), this.#checkIntervalMs);
  }

  #remove(command: SentCommand): void {
    this.#waiting.delete(command);
    if (this.#waiting.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #check(): void {
    this.#checks += 1;
    let hasFailed = false;
    for (const [command, checkAtSend] of this.#waiting) {
      if (this.#checks - Math.max(checkAtSend, this.#checkAtLastAnswer) <= checksPerTimeout) break;
      // The message of ioredis's own `commandTimeout`.
      command.reject(new Error('Command timed out'));
      hasFailed = true;
    }
    if (hasFailed) this.#onTimeout();
  }
}

/**
 * Fails the commands of a connection to which Redis does not answer for `timeoutMs`, and reconnects: the host may be gone, or the address
 * of a managed Redis may now resolve to another host.
 * @returns the connection
 */
export function limitAnswerTime(redis: Redis, timeoutMs: number): Redis {
  const timeout = new AnswerTimeout(timeoutMs, () => redis.disconnect(true));
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (...sent: Parameters<Redis['sendCommand']>) => {
    timeout.watch(sent[0]);
    return send(...sent);
  };
  return redis;
}
