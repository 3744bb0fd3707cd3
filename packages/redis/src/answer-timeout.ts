import type { Command, Redis } from 'ioredis';
import { commandTimeoutMessage } from './errors.ts';

/** A command that was sent. */
export type SentCommand = Pick<Command, 'promise' | 'reject'>;

/** Number of checks within the timeout. */
const checksPerTimeout = 10;
/** Checks after which a connection without any answer is given up. */
const maxChecksWithoutAnswer = 2 * checksPerTimeout;

/**
 * Fails the commands of a connection to which Redis does not answer. Redis answers in the order of the commands, so each answer
 * restarts the timeout of all waiting commands. Time in which this process had no CPU counts as one check at most: answers that
 * have arrived meanwhile are read before the next check.
 */
export class AnswerTimeout {
  readonly #checkIntervalMs: number;
  readonly #onSilence: () => void;
  /** Commands that have failed here. */
  readonly #failed = new WeakSet<SentCommand>();
  /** The number of checks before each command was sent; the oldest first. */
  readonly #waiting = new Map<SentCommand, number>();
  #checks = 0;
  /** The number of checks before the last answer. */
  #checkAtLastAnswer = 0;
  /** Number of checks with a waiting command since the last answer, or since `onSilence` was called. */
  #checksWithoutAnswer = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param onSilence called after two timeouts in which commands waited and none was answered */
  constructor(timeoutMs: number, onSilence: () => void) {
    this.#checkIntervalMs = timeoutMs / checksPerTimeout;
    this.#onSilence = onSilence;
  }

  /**
   * Returns whether a command has failed here. It must not be sent again, although ioredis tries to: after a reconnection, it sends all
   * commands that had no answer.
   */
  hasFailed(command: SentCommand): boolean {
    return this.#failed.has(command);
  }

  /** Watches a command until it is answered. Idempotent, because ioredis sends a command again after a reconnection. */
  watch(command: SentCommand): void {
    if (this.#waiting.has(command)) return;
    this.#waiting.set(command, this.#checks);
    const remove = () => this.#remove(command);
    command.promise.then(remove, remove);
    this.#timer ??= setInterval(() => this.#check(), this.#checkIntervalMs);
  }

  #remove(command: SentCommand): void {
    if (!this.#failed.has(command)) {
      this.#checkAtLastAnswer = this.#checks;
      this.#checksWithoutAnswer = 0;
    }
    this.#waiting.delete(command);
    if (this.#waiting.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #check(): void {
    this.#checks += 1;
    this.#checksWithoutAnswer += 1;
    for (const [command, checkAtSend] of this.#waiting) {
      if (this.#checks - Math.max(checkAtSend, this.#checkAtLastAnswer) <= checksPerTimeout) break;
      this.#failed.add(command);
      command.reject(new Error(commandTimeoutMessage));
    }
    if (this.#checksWithoutAnswer <= maxChecksWithoutAnswer) return;
    this.#checksWithoutAnswer = 0;
    this.#onSilence();
  }
}

/**
 * Fails the commands of a connection to which Redis does not answer for `timeoutMs`, and reconnects after twice that time: the host may be
 * gone, or the address of a managed Redis may now resolve to another host.
 * @returns the connection
 */
export function limitAnswerTime(redis: Redis, timeoutMs: number): Redis {
  const timeout = new AnswerTimeout(timeoutMs, () => redis.disconnect(true));
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (...sent: Parameters<Redis['sendCommand']>) => {
    const [command] = sent;
    if (timeout.hasFailed(command)) return command.promise;
    timeout.watch(command);
    return send(...sent);
  };
  return redis;
}
