import type { ErrorType } from '@podman-api/errors';
import type { FaultReason } from './podman-fault.ts';

/** An error message of podman's, and what it means. */
export interface ErrorPattern {
  readonly pattern: RegExp;
  readonly reason: FaultReason;
  readonly type: ErrorType;
  /** Podman's commands that can fail so; default: all. */
  readonly verbs?: ReadonlySet<string>;
  /** The sentence for the caller; `what` is what the pattern's first group matched. */
  readonly message: (what: string) => string;
  /** The field of the request that is at fault. */
  readonly field?: string;
}

/** Commands that make a container. */
export const making: ReadonlySet<string> = new Set(['run', 'create']);
/** Commands that start one, or make one and start it. */
export const starting: ReadonlySet<string> = new Set([...making, 'start', 'init']);
