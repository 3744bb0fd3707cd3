import type { ErrorType } from '@podman-api/errors';
import type { FaultReason } from './podman-fault.ts';

/** An error message of podman, and the error that the caller gets for it. */
export interface ErrorPattern {
  readonly pattern: RegExp;
  readonly reason: FaultReason;
  /** Type of the caller's error, which determines its HTTP status. */
  readonly type: ErrorType;
  /** Podman's subcommands that can fail like this; default: all. */
  readonly verbs?: ReadonlySet<string>;
  /** Returns the sentence for the caller; `match` is the text of the pattern's first group. */
  readonly message: (match: string) => string;
  /** The field of the request that is at fault. */
  readonly field?: string;
}

/** Subcommands that create a container. */
export const creatingVerbs: ReadonlySet<string> = new Set(['run', 'create']);
/** Subcommands that start a container, those that create and start one among them. */
export const startingVerbs: ReadonlySet<string> = new Set([...creatingVerbs, 'start', 'init']);
