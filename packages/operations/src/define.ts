import type { Operation, RequestedTask, Task } from './operation.ts';

type TaskOptional = 'secrets' | 'lane' | 'isRepeatable' | 'changes';
type Optional = TaskOptional | 'query' | 'status';

/** An operation whose properties with a default may be left out; see `define`. */
export type Declaration<Input extends object, Result extends object> = Omit<Operation<Input, Result>, Optional> &
  Partial<Pick<Operation<Input, Result>, Optional>>;

/** A task whose properties with a default may be left out; see `defineTask`. */
type TaskDeclaration<Input extends object, Result extends object> = Omit<Task<Input, Result>, TaskOptional> &
  Partial<Pick<Task<Input, Result>, TaskOptional>>;

const defaults = { secrets: [], lane: 'commands', isRepeatable: false } as const;

/**
 * Declares an operation. Defaults: no query, no secrets, the lane `commands`, not repeatable, status 200, and every method
 * but GET changes something. Operations on one container use `defineContainerOperation`.
 */
export function define<Input extends object, Result extends object>(declaration: Declaration<Input, Result>): Operation<Input, Result> {
  return { ...defaults, query: [], status: 200, changes: () => declaration.method !== 'GET', ...declaration };
}

/**
 * Declares a task that the API runs for itself. Defaults: no secrets, the lane `commands`, not repeatable, and it changes something
 * unless its lane is `reads`.
 */
export function defineTask<Input extends object, Result extends object>(declaration: TaskDeclaration<Input, Result>): Task<Input, Result> {
  return { ...defaults, changes: () => declaration.lane !== 'reads', ...declaration };
}

/** Declares a task that callers can request, such as one of Docker's API, with the defaults of `defineTask`. */
export function defineRequestedTask<Input extends object, Result extends object = object>(
  declaration: TaskDeclaration<Input, Result> & Pick<RequestedTask<Input, Result>, 'scope' | 'reach'>,
): RequestedTask<Input, Result> {
  return { ...defaults, changes: () => declaration.lane !== 'reads', ...declaration };
}
